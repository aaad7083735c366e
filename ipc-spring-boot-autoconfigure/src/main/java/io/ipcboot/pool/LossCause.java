package io.ipcboot.pool;

import io.ipcboot.process.ProcessExit;

/**
 * Why a worker has ended before it had answered.
 */
public enum LossCause {

	/** A signal that this application did not send has ended it. */
	KILLED(""),

	/** It has exited by itself. */
	EXITED(""),

	/**
	 * It had no memory left: its heap was full, or the system has killed it for its size.
	 */
	OUT_OF_MEMORY("had no memory left and "),

	/** It did not react any more and was killed. */
	HEARTBEAT("gave no sign of life and "),

	/**
	 * A call took too long, did not react to being cancelled, and the worker was killed.
	 */
	DEADLINE("did not stop a call whose time was over and "),

	/** It was replaced on purpose and took too long to leave. */
	RECYCLED("took too long to leave and "),

	/** It has sent what is no valid frame and was killed. */
	PROTOCOL("sent what is no valid frame and "),

	/** It never became ready. */
	START_FAILED("never became ready and ");

	private final String words;

	LossCause(String words) {
		this.words = words;
	}

	/**
	 * Return what comes before the words for the exit itself.
	 */
	String words() {
		return this.words;
	}

	/**
	 * Tell from how a process has ended why.
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
