package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.pool.SupervisorLoop.Alarm;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decides after the death of a worker when another one is started: at once, after a
 * pause, or not at all because too many died and the pool is degraded. Such a pool only
 * starts a trial worker from time to time until one serves. Used by the supervisor's loop
 * only.
 */
final class RestartPolicy {

	private static final Log logger = LogFactory.getLog(RestartPolicy.class);

	private final String pool;

	private final PoolSettings.Restart settings;

	private final SupervisorLoop loop;

	private final RandomGenerator random;

	private final PoolRouter router;

	private final HealthObserver observer;

	private final Runnable probe;

	private final RecentDeaths recentDeaths;

	/** How many workers in a row were never ready. */
	private int failedStarts;

	/** The next probe, if the pool is degraded. */
	private @Nullable Alarm alarm;

	private boolean stopped;

	/**
	 * @param probe starts a trial worker
	 */
	RestartPolicy(String pool, PoolSettings.Restart settings, SupervisorLoop loop, RandomGenerator random,
			PoolRouter router, HealthObserver observer, Runnable probe) {
		this.pool = pool;
		this.settings = settings;
		this.loop = loop;
		this.random = random;
		this.router = router;
		this.observer = observer;
		this.probe = probe;
		this.recentDeaths = new RecentDeaths(settings.budget(), loop::nanoTime);
	}

	/**
	 * Return whether so many workers died that only a trial worker is started from time
	 * to time.
	 */
	boolean isDegraded() {
		return this.router.degradation() != null;
	}

	/**
	 * Decide when to replace the worker of a slot that died without being told to leave.
	 * An orderly exit is not held against the pool, but if all workers exit, they are
	 * replaced ever more slowly.
	 * @param deaths how many workers of the slot died in a row
	 * @return the pause before the start, or {@code null} if the pool is degraded, so
	 * that the worker is not replaced for now
	 */
	@Nullable Duration afterDeath(int deaths, PoolEntry entry, WorkerExit exit) {
		if (!exit.orderly() && !entry.killedByOperator) {
			count(exit);
		}
		return isDegraded() ? null : pause(deaths);
	}

	private void count(WorkerExit exit) {
		WorkerStartException failure = exit.startFailure();
		CrashBudget budget = this.settings.budget();
		boolean spent = !this.recentDeaths.add(failure != null);
		if (failure != null) {
			this.failedStarts++;
		}
		if (isDegraded()) {
			return;
		}
		String last = (failure != null) ? ": " + failure.getMessage() : " " + exit.problem();
		if (spent) {
			degrade("more than %d workers died within %d s; the last one%s".formatted(budget.deaths(),
					budget.period().toSeconds(), last));
		}
		else if (failure != null && this.failedStarts > budget.deaths() && !this.router.isServed()) {
			// each start may have taken longer than the period, and callers wait all the
			// time
			degrade("%d workers in a row could not start; the last one%s".formatted(this.failedStarts, last));
		}
	}

	private void degrade(String reason) {
		logger.error("Pool '%s' is DEGRADED: %s. One trial worker is started every %s".formatted(this.pool,
				firstLine(reason), words(this.settings.probeInterval())));
		this.router.degrade(reason);
		planProbe();
		this.observer.degraded(reason);
	}

	private void planProbe() {
		this.alarm = this.loop.schedule(this::probeNow, this.settings.probeInterval());
	}

	private void probeNow() {
		if (isDegraded() && !this.stopped) {
			planProbe();
			this.probe.run();
		}
	}

	/** Start no more trial workers, because the pool stops. */
	void stop() {
		this.stopped = true;
		cancelProbe();
	}

	private void cancelProbe() {
		if (this.alarm != null) {
			this.alarm.cancel();
		}
	}

	/**
	 * Forget failures because a worker serves.
	 * @return whether this ends the degradation of the pool
	 */
	boolean recover() {
		this.failedStarts = 0;
		if (!isDegraded()) {
			return false;
		}
		cancelProbe();
		this.recentDeaths.clear();
		logger.info("Pool '%s' has recovered".formatted(this.pool));
		this.router.degrade(null);
		this.observer.recovered();
		return true;
	}

	/**
	 * Return how many workers of a place, including this one, died in a row before they
	 * had lived long enough.
	 * @param before how many died before this one
	 */
	int deathsInARow(int before, PoolEntry entry, WorkerExit exit) {
		long lived = (exit.startFailure() == null) ? this.loop.nanoTime() - entry.readyAt : 0;
		return (lived >= TimeUnit.NANOSECONDS.convert(this.settings.backoff().resetAfter())) ? 1 : before + 1;
	}

	/**
	 * Return the pause before the next start.
	 * @param deaths how many workers died in a row
	 */
	Duration pause(int deaths) {
		return this.settings.backoff().pause(deaths, this.random.nextDouble());
	}

	/**
	 * Describe how a worker ended and when another one is started.
	 */
	String describeReplacement(PoolEntry entry, WorkerExit exit, Duration pause) {
		String worker = (entry.worker != null) ? entry.worker.id().toString() : "the last one";
		WorkerStartException failure = exit.startFailure();
		String end = (failure != null) ? "could not start: " + firstLine(String.valueOf(failure.getMessage()))
				: exit.describe();
		return "%s %s; another one is started %s".formatted(worker, end,
				pause.isZero() ? "at once" : "after " + words(pause));
	}

	/** Log a failed start because it is not reported to any caller. */
	void logFailedStart(PoolEntry entry, WorkerExit exit) {
		WorkerStartException failure = exit.startFailure();
		if (failure != null && !entry.isDismissed() && !entry.killedByOperator) {
			logger.warn("A worker could not start: " + firstLine(String.valueOf(failure.getMessage())));
		}
	}

	/** Return a text without the output of the process, which the log already has. */
	private static String firstLine(String text) {
		return text.lines().findFirst().orElse(text);
	}

	private static String words(Duration time) {
		return (time.toSeconds() >= 1) ? time.toSeconds() + " s" : time.toMillis() + " ms";
	}

	/**
	 * Told on the loop whether the pool replaces its dead workers.
	 */
	interface HealthObserver {

		/** The pool does not replace its dead workers any more, except for probes. */
		void degraded(String reason);

		/** The pool replaces its dead workers again. */
		void recovered();

	}

	/**
	 * Counts deaths within a period, as the restart intensity of an Erlang supervisor.
	 * Deaths while starting and deaths while running are counted separately: the former
	 * show that the application is broken, the latter that its messages are.
	 */
	static final class RecentDeaths {

		private final Deque<Long> whileStarting = new ArrayDeque<>();

		private final Deque<Long> whileRunning = new ArrayDeque<>();

		private final CrashBudget budget;

		private final LongSupplier nanoTime;

		RecentDeaths(CrashBudget budget, LongSupplier nanoTime) {
			this.budget = budget;
			this.nanoTime = nanoTime;
		}

		/**
		 * Count a death.
		 * @param starting whether the worker had never been ready
		 * @return {@code false} if the death exceeds the budget
		 */
		boolean add(boolean starting) {
			Deque<Long> deaths = starting ? this.whileStarting : this.whileRunning;
			long now = this.nanoTime.getAsLong();
			deaths.addLast(now);
			while (now - deaths.getFirst() > TimeUnit.NANOSECONDS.convert(this.budget.period())) {
				deaths.removeFirst();
			}
			return deaths.size() <= this.budget.deaths();
		}

		void clear() {
			this.whileStarting.clear();
			this.whileRunning.clear();
		}

	}

}
