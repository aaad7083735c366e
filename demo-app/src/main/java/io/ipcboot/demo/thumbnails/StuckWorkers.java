package io.ipcboot.demo.thumbnails;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.channel.PeerId;

import org.springframework.stereotype.Component;

/**
 * Kills workers that are stuck. A call that takes too long is cancelled by an interrupt,
 * which an endless loop ignores.
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
