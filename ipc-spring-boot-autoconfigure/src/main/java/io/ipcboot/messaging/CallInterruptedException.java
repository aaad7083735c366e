package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the thread that waited for a call was interrupted. The call was cancelled,
 * and the thread's interrupt status is set again.
 */
public class CallInterruptedException extends IpcException {

	public CallInterruptedException(@Nullable PeerId peer, String destination) {
		super(peer, "interrupted while waiting for " + UntrustedText.name(destination));
	}

}
