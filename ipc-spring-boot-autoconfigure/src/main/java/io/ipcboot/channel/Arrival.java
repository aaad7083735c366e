package io.ipcboot.channel;

/**
 * The result of reading without waiting.
 */
enum Arrival {

	/** Nothing arrived. */
	NOTHING,

	/** Only outcomes and reports arrived, and were passed on. */
	OUTCOMES,

	/** Something arrived that only a thread of the channel may handle. */
	OTHER

}
