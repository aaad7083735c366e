package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * A message is larger than a frame may be. Nothing has been sent.
 */
public class MessageTooLargeException extends IpcException {

	public MessageTooLargeException(@Nullable PeerId peer, String destination, long size, int limit) {
		super(peer,
				"a message of %,d bytes for '%s' exceeds the limit of %,d bytes; raise 'ipc.max-frame-size' on both sides "
					.formatted(size, destination, limit) + "or hand over a file instead");
	}

}
