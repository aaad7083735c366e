package io.ipcboot;

import io.ipcboot.pool.PoolSettings;

/**
 * A pool to start with the application. Later changes of the {@link ForkOptions} do not
 * affect the pool, so they can be used for other pools.
 *
 * @param name its name
 * @param settings how the pool is supervised
 * @param fork how to fork a worker; the concurrency, the kill grace and the drain timeout
 * are those of the settings
 */
public record PoolOptions(String name, PoolSettings settings, ForkOptions fork) {

	public PoolOptions {
		fork = fork.copy()
			.concurrency(settings.concurrency())
			.killGrace(settings.killGrace())
			.drainTimeout(settings.drainTimeout());
	}

	/**
	 * Create a pool with the default supervision.
	 * @param name its name
	 * @param size the number of workers
	 * @param fork how to fork a worker
	 */
	public PoolOptions(String name, int size, ForkOptions fork) {
		this(name, PoolSettings.DEFAULT.withSize(size).withConcurrency(fork.concurrency), fork);
	}

	/**
	 * Return how to fork a worker.
	 * @return a copy
	 */
	@Override
	public ForkOptions fork() {
		return this.fork.copy();
	}

}
