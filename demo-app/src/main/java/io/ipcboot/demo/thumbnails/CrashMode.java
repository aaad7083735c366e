package io.ipcboot.demo.thumbnails;

/**
 * The ways in which a worker can die.
 */
enum CrashMode {

	/** Shuts the JVM down. */
	EXIT,

	/** Ends the JVM at once. */
	HALT,

	/** Runs out of memory. */
	OOM,

	/** Never returns, and ignores interrupts. */
	LOOP

}
