package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the other process has no listener for the destination of a call or handle.
 */
public class NoListenerException extends IpcException {

	private final String problem;

	NoListenerException(@Nullable PeerId peer, String problem) {
		super(peer, problem);
		this.problem = problem;
	}

	String problem() {
		return this.problem;
	}

}
