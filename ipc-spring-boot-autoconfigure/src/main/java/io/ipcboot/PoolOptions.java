package io.ipcboot;

import io.ipcboot.pool.PoolSettings;
import io.ipcboot.process.JvmFlags;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * A pool to start with the application. Later changes of the {@link ForkOptions} do not
 * affect the pool, so they can be used for other pools.
 *
 * @param name its name
 * @param settings how the pool is supervised
 * @param fork how to fork a worker; the concurrency, the kill grace and the drain timeout
 * are those of the settings. If flags of its JVM limit the heap beside
 * {@link ForkOptions#maxHeap}, or make several workers listen on one port, the pool is
 * refused with an {@link IllegalArgumentException}
 */
public record PoolOptions(String name, PoolSettings settings, ForkOptions fork) {

	private static final Log logger = LogFactory.getLog(PoolOptions.class);

	public PoolOptions {
		if (!fork.channel) {
			throw new IllegalArgumentException("A worker of a pool needs a channel");
		}
		checkHeap(fork);
		checkPort(name, settings, fork);
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

	private static void checkHeap(ForkOptions fork) {
		String heap = JvmFlags.heap(fork.jvmArguments);
		if (heap != null && fork.maxHeap != null) {
			throw new IllegalArgumentException(
					("jvm-args has '%s', and max-heap, or the size \"auto\", limits the heap too. "
							+ "Set max-heap alone")
						.formatted(heap));
		}
	}

	private static void checkPort(String name, PoolSettings settings, ForkOptions fork) {
		String port = JvmFlags.fixedPort(fork.jvmArguments);
		if (port == null) {
			return;
		}
		int workers = settings.size() + settings.spares();
		if (workers > 1) {
			throw new IllegalArgumentException(("jvm-args has '%s', but only one of the %d workers can listen on that "
					+ "port. With port 0, each worker chooses a free port and logs it")
				.formatted(port, workers));
		}
		logger.warn("Pool '%s': a worker with '%s' cannot be replaced while it runs, as the port is taken"
			.formatted(name, port));
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
