package io.ipcboot.channel;

import java.io.IOException;

/**
 * Bytes that are no valid frame.
 */
final class MalformedFrameException extends IOException {

	private final String problem;

	MalformedFrameException(String problem) {
		super(problem);
		this.problem = problem;
	}

	String problem() {
		return this.problem;
	}

}
