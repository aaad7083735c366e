package io.ipcboot.pool;

/**
 * Which of the workers that have room gets a message.
 */
public enum Balancing {

	/**
	 * The worker with the fewest messages on their way; equals take turns.
	 */
	LEAST_OUTSTANDING,

	/** Each worker in turn. */
	ROUND_ROBIN,

	/**
	 * The worker to which the message's key belongs, so that equal keys go to the same
	 * worker. While a worker is missing, its keys move to the others.
	 */
	BY_KEY

}
