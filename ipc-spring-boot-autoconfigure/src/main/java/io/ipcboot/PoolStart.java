package io.ipcboot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.channel.Background;
import io.ipcboot.pool.WorkerPool;
import io.ipcboot.pool.WorkerStartException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Starts several pools at once. If one of them cannot start, none runs. The same if the
 * JVM shuts down meanwhile: the application's context is closed only when its start has
 * ended, which must not take as long as workers may take to get ready.
 */
final class PoolStart {

	private static final Log logger = LogFactory.getLog(PoolStart.class);

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(10);

	private final List<WorkerPool> pools;

	private final List<CompletableFuture<Void>> starts;

	private final CompletableFuture<Void> failure = new CompletableFuture<>();

	private PoolStart(List<WorkerPool> pools) {
		this.pools = pools;
		this.starts = pools.stream()
			.map((pool) -> CompletableFuture.runAsync(pool::start, Background.EXECUTOR))
			.toList();
		this.starts.forEach((start) -> start.exceptionally((ex) -> {
			this.failure.completeExceptionally(ex);
			return null;
		}));
	}

	/**
	 * Start pools and wait until all their workers are ready.
	 * @throws RuntimeException what the start of the first pool has thrown that failed
	 * @throws WorkerStartException if the JVM shuts down meanwhile, or if the thread is
	 * interrupted, which it stays
	 */
	static void of(List<WorkerPool> pools) {
		new PoolStart(pools).await();
	}

	private void await() {
		Thread shutdownHook = new Thread(this::shutDown, "ipc-abandon-start");
		try {
			Runtime.getRuntime().addShutdownHook(shutdownHook);
		}
		catch (IllegalStateException ex) {
			// shutdown has begun
			shutDown();
		}
		try {
			await(CompletableFuture.anyOf(this.failure, all()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			abandon();
			throw interruption(ex);
		}
		catch (ExecutionException ex) {
			abandon();
			if (ex.getCause() instanceof RuntimeException cause) {
				cause.setStackTrace(new Throwable().getStackTrace());
				throw cause;
			}
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			remove(shutdownHook);
		}
	}

	private void shutDown() {
		WorkerStartException reason = interruption(new InterruptedException("The JVM shuts down"));
		if (this.failure.completeExceptionally(reason)) {
			// the JVM may end before anybody reports the exception
			logger.info(reason.getMessage());
		}
	}

	private WorkerStartException interruption(InterruptedException cause) {
		return new WorkerStartException(null,
				"The start of the pools %s is broken off, as the application has to stop; their workers are killed"
					.formatted(this.pools.stream().map(WorkerPool::name).toList()),
				cause);
	}

	private static void remove(Thread shutdownHook) {
		try {
			Runtime.getRuntime().removeShutdownHook(shutdownHook);
		}
		catch (IllegalStateException ex) {
			// shutdown has begun, and takes care of it
		}
	}

	private CompletableFuture<Void> all() {
		return CompletableFuture.allOf(this.starts.toArray(CompletableFuture<?>[]::new));
	}

	private void abandon() {
		awaitEnd(CompletableFuture.runAsync(this::stopAll, Background.EXECUTOR));
	}

	/**
	 * Whether a pool's start has begun cannot be seen, and before that it cannot be
	 * stopped.
	 */
	private void stopAll() {
		CompletableFuture<Boolean> ended = all().handle((nothing, ex) -> true);
		do {
			this.pools.forEach((pool) -> pool.stop(Duration.ZERO).join());
		}
		while (!ended.copy().completeOnTimeout(false, CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS).join());
	}

	/**
	 * Wait for the end of processes, which must not be left to themselves, on the thread
	 * that starts the application.
	 */
	static void awaitEnd(CompletableFuture<Void> end) {
		boolean interrupted = false;
		try {
			boolean ended = false;
			while (!ended) {
				try {
					await(end);
					ended = true;
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Wait, but never in the state WAITING: {@code AbstractApplicationContext.close()}
	 * takes a start in that state for one that hangs, and leaves the context open.
	 */
	private static void await(CompletableFuture<?> future) throws InterruptedException, ExecutionException {
		boolean done = false;
		while (!done) {
			try {
				future.get(1, TimeUnit.SECONDS);
				done = true;
			}
			catch (TimeoutException ex) {
				// wait on
			}
		}
	}

}
