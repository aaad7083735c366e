package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when more bytes wait to be sent than the backlog may hold, and the peer did not
 * catch up within the send timeout. The message was not sent.
 */
public class BacklogFullException extends IpcException {

	public BacklogFullException(PeerId peer, long backlog) {
		this(peer, "%,d bytes are waiting to be sent because the peer does not keep up".formatted(backlog));
	}

	public BacklogFullException(@Nullable PeerId peer, String problem) {
		super(peer, problem);
	}

}
