package io.ipcboot.channel;

import java.io.IOException;

/**
 * Thrown when bytes are not a valid frame, or the frame must not come now.
 */
public final class MalformedFrameException extends IOException {

	private final String problem;

	/**
	 * Create an exception.
	 * @param problem what is wrong with the frame
	 */
	public MalformedFrameException(String problem) {
		super(problem);
		this.problem = problem;
	}

	String problem() {
		return this.problem;
	}

}
