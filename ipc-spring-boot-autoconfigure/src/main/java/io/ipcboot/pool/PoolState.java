package io.ipcboot.pool;

/**
 * What a pool is doing.
 */
public enum PoolState {

	/** Its first workers start. */
	STARTING,

	/** It takes messages, and replaces workers that die. */
	RUNNING,

	/** Too many workers have died; none is replaced but for a probe from time to time. */
	DEGRADED,

	/** It finishes what it has and takes nothing new. */
	STOPPING

}
