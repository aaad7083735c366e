package io.ipcboot.demo.thumbnails;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.channel.PeerId;

import org.springframework.stereotype.Component;

/**
 * Kills workers that do not come to an end. A call that took too long is cancelled by an
 * interrupt, but an endless loop does not hear it.
 */
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
class StuckWorkers {

	private final ChildProcessTemplate workers;

	StuckWorkers(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	void kill(PeerId worker) {
		this.workers.process(worker).ifPresent((process) -> process.kill("SIGKILL"));
	}

}
