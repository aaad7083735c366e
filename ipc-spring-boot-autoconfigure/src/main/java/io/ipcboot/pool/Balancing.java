package io.ipcboot.pool;

/**
 * Which of the workers that have room gets a message.
 */
public enum Balancing {

	/**
	 * The one with the fewest messages on their way; if several have, they take turns.
	 */
	LEAST_OUTSTANDING,

	/** The next one. */
	ROUND_ROBIN,

	/**
	 * The one that the message's key belongs to, so that equal keys go to the same
	 * worker. The keys of a worker that is not there move to the others, and back when it
	 * is there again.
	 */
	BY_KEY

}
