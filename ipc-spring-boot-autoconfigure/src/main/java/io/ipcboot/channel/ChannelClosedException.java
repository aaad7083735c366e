package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the channel is closed: by this side, by the peer, or because the peer died.
 */
public class ChannelClosedException extends IpcException {

	public ChannelClosedException(PeerId peer, String message, @Nullable Throwable cause) {
		super(peer, message, cause);
	}

}
