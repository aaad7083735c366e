package io.ipcboot;

import io.ipcboot.pool.PoolSettings;

/**
 * A pool to start with the application.
 *
 * @param name its name
 * @param settings how it is supervised
 * @param fork how to fork a worker
 */
public record PoolOptions(String name, PoolSettings settings, ForkOptions fork) {

	/**
	 * Create a pool that is supervised as by default.
	 * @param name its name
	 * @param size the number of workers
	 * @param fork how to fork a worker
	 */
	public PoolOptions(String name, int size, ForkOptions fork) {
		this(name, PoolSettings.DEFAULT.withSize(size).withConcurrency(fork.concurrency), fork);
	}

}
