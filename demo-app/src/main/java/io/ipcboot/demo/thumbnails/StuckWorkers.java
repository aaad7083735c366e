package io.ipcboot.demo.thumbnails;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.ChildProcess;
import io.ipcboot.IpcRole;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.WorkerReadyEvent;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.channel.PeerId;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Kills workers that do not come to an end. A call that took too long is cancelled by an
 * interrupt, but an endless loop does not hear it.
 */
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
class StuckWorkers {

	private final Map<PeerId, ChildProcess> workers = new ConcurrentHashMap<>();

	@EventListener
	void add(WorkerReadyEvent event) {
		this.workers.put(event.getWorker(), event.getProcess());
	}

	@EventListener
	void remove(WorkerExitedEvent event) {
		this.workers.remove(event.getWorker());
	}

	void kill(PeerId worker) {
		ChildProcess process = this.workers.get(worker);
		if (process != null) {
			process.kill("SIGKILL");
		}
	}

}
