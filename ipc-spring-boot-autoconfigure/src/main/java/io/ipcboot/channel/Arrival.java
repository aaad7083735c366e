package io.ipcboot.channel;

/**
 * What was found by a thread that reads without waiting.
 */
enum Arrival {

	/** Nothing, or the end. */
	NOTHING,

	/** Outcomes and reports, all of them passed on. */
	OUTCOMES,

	/** Also something that only a thread of the channel may take. */
	OTHER

}
