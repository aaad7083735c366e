package io.ipcboot.demo.thumbnails;

/**
 * How a worker is to die.
 */
enum CrashMode {

	/** Ends the JVM in order. */
	EXIT,

	/** Ends the JVM at once. */
	HALT,

	/** Uses more memory than there is. */
	OOM,

	/** Never returns, and does not listen to an interrupt. */
	LOOP

}
