package io.ipcboot.pool;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Keeps the order of messages while a worker takes over a slot: it gets none before its
 * predecessor has handed back what comes before them. A predecessor that hands back
 * nothing, because it hangs, does not hold up the pool for long.
 */
final class Succession {

	/**
	 * How long a worker that was replaced may take to hand back what it did not start.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final Duration CHECK = Duration.ofMillis(5);

	private final SupervisorLoop loop;

	private final PoolRouter router;

	private final Predicate<WorkerLoad> running;

	/**
	 * @param running returns whether the worker with a load has not ended
	 */
	Succession(SupervisorLoop loop, PoolRouter router, Predicate<WorkerLoad> running) {
		this.loop = loop;
		this.router = router;
		this.running = running;
	}

	/**
	 * Let a worker take messages as soon as nothing is left at its predecessor that was
	 * not started.
	 */
	void releaseAfter(WorkerLoad earlier, WorkerLoad next) {
		releaseAfter(earlier, next, this.loop.nanoTime() + PATIENCE.toNanos());
	}

	private void releaseAfter(WorkerLoad earlier, WorkerLoad next, long end) {
		if (this.loop.nanoTime() - end < 0 && this.running.test(earlier) && this.router.hasUnstarted(earlier)) {
			this.loop.schedule(() -> releaseAfter(earlier, next, end), CHECK);
		}
		else {
			this.router.release(next);
		}
	}

}
