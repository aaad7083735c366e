package io.ipcboot.docs.guide.forking;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.ipcboot.WorkerExitedEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

@Component
class WorkerWatch {

	final Queue<String> exits = new ConcurrentLinkedQueue<>();

	// tag::event[]
	@EventListener
	void exited(WorkerExitedEvent event) {
		this.exits.add(event.getWorker() + " " + event.getExit().describe());
	}
	// end::event[]

}
