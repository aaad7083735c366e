package io.ipcboot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.Background;
import io.ipcboot.pool.WorkerPool;

/**
 * Starts several pools at once. If one of them cannot start, none runs.
 */
final class PoolStart {

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(10);

	private final List<WorkerPool> pools;

	private final List<CompletableFuture<Void>> starts;

	private PoolStart(List<WorkerPool> pools) {
		this.pools = pools;
		this.starts = pools.stream()
			.map((pool) -> CompletableFuture.runAsync(pool::start, Background.EXECUTOR))
			.toList();
	}

	/**
	 * Start pools and wait until all their workers are ready.
	 * @throws RuntimeException what the start of the first pool has thrown that failed
	 */
	static void of(List<WorkerPool> pools) {
		new PoolStart(pools).await();
	}

	private void await() {
		CompletableFuture<Void> failure = new CompletableFuture<>();
		this.starts.forEach((start) -> start.exceptionally((ex) -> {
			failure.completeExceptionally(ex);
			return null;
		}));
		try {
			CompletableFuture.anyOf(failure, all()).join();
		}
		catch (CompletionException ex) {
			abandon();
			if (ex.getCause() instanceof RuntimeException cause) {
				cause.setStackTrace(new Throwable().getStackTrace());
				throw cause;
			}
			throw ex;
		}
	}

	private CompletableFuture<Void> all() {
		return CompletableFuture.allOf(this.starts.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Whether a pool's start has begun cannot be seen, and before that it cannot be
	 * stopped.
	 */
	private void abandon() {
		CompletableFuture<Boolean> ended = all().handle((nothing, ex) -> true);
		do {
			this.pools.forEach((pool) -> pool.stop(Duration.ZERO).join());
		}
		while (!ended.copy().completeOnTimeout(false, CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS).join());
	}

}
