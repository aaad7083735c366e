package io.ipcboot.docs.guide.sending;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.channel.ChannelClosedException;

import org.springframework.stereotype.Component;

// tag::broadcast[]
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
class Broadcast {

	private final ChildProcessTemplate workers;

	Broadcast(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	int emit(String event, Object... values) {
		int reached = 0;
		for (ChildProcess worker : this.workers.workers("default")) {
			try {
				worker.emit(event, values);
				reached++;
			}
			catch (ChannelClosedException ex) {
				// the worker has just died, and its replacement starts with fresh data
			}
		}
		return reached;
	}

}
// end::broadcast[]
