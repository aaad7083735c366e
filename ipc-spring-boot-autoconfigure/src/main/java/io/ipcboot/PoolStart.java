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
 * Starts several pools at once. If a pool cannot start, or the JVM shuts down meanwhile,
 * none runs: the application's context is only closed when its start has ended, which
 * must not take as long as workers may take to become ready.
 */
final class PoolStart {

	private static final Log logger = LogFactory.getLog(PoolStart.class);

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
	 * @throws RuntimeException the exception of the first pool that failed to start
	 * @throws WorkerStartException if the JVM shuts down meanwhile, or if the thread is
	 * interrupted; the interrupt status stays set
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
				// the failure was created by another thread; show the stack of the caller
				cause.fillInStackTrace();
				throw cause;
			}
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			remove(shutdownHook);
		}
	}

	private void shutDown() {
		WorkerStartException reason = interruption(new InterruptedException("The JVM is shutting down"));
		if (this.failure.completeExceptionally(reason)) {
			// the JVM may end before the exception is reported
			logger.info(reason.getMessage());
		}
	}

	private WorkerStartException interruption(InterruptedException cause) {
		return new WorkerStartException(null,
				"Starting the pools %s was aborted because the application is shutting down; their workers are killed"
					.formatted(this.pools.stream().map(WorkerPool::name).toList()),
				cause);
	}

	private static void remove(Thread shutdownHook) {
		try {
			Runtime.getRuntime().removeShutdownHook(shutdownHook);
		}
		catch (IllegalStateException ex) {
			// shutdown has begun, and runs the hook
		}
	}

	private CompletableFuture<Void> all() {
		return CompletableFuture.allOf(this.starts.toArray(CompletableFuture<?>[]::new));
	}

	private void abandon() {
		awaitEnd(CompletableFuture.runAsync(this::stopAll, Background.EXECUTOR));
	}

	/** Stop all pools; a pool whose start has not begun yet then fails to start. */
	private void stopAll() {
		this.pools.forEach((pool) -> pool.stop(Duration.ZERO).join());
		all().handle((nothing, ex) -> true).join();
	}

	/**
	 * Wait for the end of processes on the thread that starts the application. No process
	 * may be left running, so an interrupt does not end the wait.
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
	 * considers a start in that state as hanging, and leaves the context open.
	 */
	private static void await(CompletableFuture<?> future) throws InterruptedException, ExecutionException {
		boolean done = false;
		while (!done) {
			try {
				future.get(1, TimeUnit.SECONDS);
				done = true;
			}
			catch (TimeoutException ex) {
				// keep waiting
			}
		}
	}

}
