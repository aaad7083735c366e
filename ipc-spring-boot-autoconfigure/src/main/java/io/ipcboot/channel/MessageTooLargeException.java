package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a message is larger than a frame may be. The message was not sent.
 */
public class MessageTooLargeException extends IpcException {

	public MessageTooLargeException(@Nullable PeerId peer, String destination, long size, int limit) {
		this(peer,
				"a message of %,d bytes for %s exceeds the limit of %,d bytes; raise 'ipc.max-frame-size' on both sides "
					.formatted(size, UntrustedText.name(destination), limit) + "or hand over a file instead");
	}

	public MessageTooLargeException(@Nullable PeerId peer, String problem) {
		super(peer, problem);
	}

}
