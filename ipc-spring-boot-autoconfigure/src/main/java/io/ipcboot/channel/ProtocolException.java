package io.ipcboot.channel;

/**
 * Thrown when the peer sent bytes that are not a valid frame. The channel is closed, and
 * nothing after the last valid frame was used.
 */
public class ProtocolException extends ChannelClosedException {

	public ProtocolException(PeerId peer, String message) {
		super(peer, "protocol error: " + message, null);
	}

}
