package io.ipcboot;

/**
 * A pool to start with the application.
 *
 * @param name its name
 * @param size the number of workers
 * @param fork how to fork a worker
 */
public record PoolOptions(String name, int size, ForkOptions fork) {

	public PoolOptions {
		if (size < 0) {
			throw new IllegalArgumentException("The size of pool '%s' must not be negative".formatted(name));
		}
	}

}
