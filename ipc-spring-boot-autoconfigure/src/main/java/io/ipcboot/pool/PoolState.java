package io.ipcboot.pool;

/**
 * What a pool is doing.
 */
public enum PoolState {

	/** The first workers are starting. */
	STARTING,

	/** The pool takes messages, and replaces workers that die. */
	RUNNING,

	/** Too many workers died; only a trial worker is started from time to time. */
	DEGRADED,

	/** The pool finishes what it has and takes nothing new. */
	STOPPING

}
