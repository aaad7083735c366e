package io.ipcboot.pool;

import io.ipcboot.process.ProcessExit;

/**
 * Why a worker ended before it answered.
 */
public enum LossCause {

	/** A signal that this application did not send ended the worker. */
	KILLED(""),

	/** The worker exited by itself. */
	EXITED(""),

	/**
	 * The worker ran out of memory: its heap was full, or the system killed it for its
	 * size.
	 */
	OUT_OF_MEMORY("ran out of memory and "),

	/** The worker stopped giving signs of life and was killed. */
	HEARTBEAT("gave no sign of life and "),

	/**
	 * The worker did not stop a call that had timed out, and was killed.
	 */
	DEADLINE("did not stop a call that had timed out and "),

	/** The worker was told to leave and took too long. */
	RECYCLED("took too long to leave and "),

	/** The worker sent an invalid frame and was killed. */
	PROTOCOL("sent an invalid frame and "),

	/** The worker never became ready. */
	START_FAILED("never became ready and ");

	private final String words;

	LossCause(String words) {
		this.words = words;
	}

	/**
	 * Return the words that precede the description of the exit.
	 */
	String words() {
		return this.words;
	}

	/**
	 * Return why a process ended, judging by how it ended.
	 */
	static LossCause of(ProcessExit exit, boolean wasReady) {
		if (exit.outOfMemory()) {
			return OUT_OF_MEMORY;
		}
		if (!wasReady) {
			return START_FAILED;
		}
		return (exit.signal() != null) ? KILLED : EXITED;
	}

}
