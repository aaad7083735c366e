package io.ipcboot.pool;

/**
 * The states of a worker, in order. A worker may skip states but never goes back.
 */
public enum WorkerState {

	/** The process was forked; its application is starting. */
	STARTING,

	/** The application takes messages. */
	READY,

	/** The worker finishes what it started and leaves. */
	DRAINING,

	/** The process has ended. */
	EXITED

}
