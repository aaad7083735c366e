package io.ipcboot.channel;

/**
 * More bytes wait to be sent than the backlog may hold, and the peer did not catch up in
 * the time the sender was willing to wait. Nothing has been sent.
 */
public class BacklogFullException extends IpcException {

	public BacklogFullException(PeerId peer, long backlog) {
		super(peer, "%,d bytes wait to be sent and the peer does not keep up".formatted(backlog));
	}

}
