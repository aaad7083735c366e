package io.ipcboot.channel;

import java.io.IOException;

/**
 * Bytes that are no valid frame.
 */
final class MalformedFrameException extends IOException {

	MalformedFrameException(String message) {
		super(message);
	}

}
