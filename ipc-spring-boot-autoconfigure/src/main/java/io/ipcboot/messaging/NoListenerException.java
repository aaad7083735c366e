package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The other process has no listener for the destination of a call or handle.
 */
public class NoListenerException extends IpcException {

	NoListenerException(@Nullable PeerId peer, String message) {
		super(peer, message);
	}

}
