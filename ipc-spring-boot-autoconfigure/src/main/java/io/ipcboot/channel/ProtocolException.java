package io.ipcboot.channel;

/**
 * The peer sent bytes that are no valid frame. The channel is closed; nothing of what
 * came after the last valid frame was used.
 */
public class ProtocolException extends ChannelClosedException {

	public ProtocolException(PeerId peer, String message) {
		super(peer, "protocol error: " + message, null);
	}

}
