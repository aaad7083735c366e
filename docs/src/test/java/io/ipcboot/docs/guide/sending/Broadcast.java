package io.ipcboot.docs.guide.sending;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.ChildProcess;
import io.ipcboot.IpcRole;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.WorkerReadyEvent;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.channel.ChannelClosedException;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

// tag::broadcast[]
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
class Broadcast {

	private final Set<ChildProcess> workers = ConcurrentHashMap.newKeySet();

	@EventListener
	void ready(WorkerReadyEvent event) {
		this.workers.add(event.getProcess());
	}

	@EventListener
	void exited(WorkerExitedEvent event) {
		this.workers.remove(event.getProcess());
	}

	int emit(String event, Object... values) {
		int reached = 0;
		for (ChildProcess worker : this.workers) {
			try {
				worker.emit(event, values);
				reached++;
			}
			catch (ChannelClosedException ex) {
				// it has just died, and its successor starts with fresh data
			}
		}
		return reached;
	}

}
// end::broadcast[]
