package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * How a pool is supervised. Checked once, never changed.
 *
 * @param size the number of workers
 * @param spares the number of workers that are started in advance, to take over a slot at
 * once
 * @param concurrency how many calls a worker runs at a time
 * @param prefetch how many calls more a worker may have, which wait there and not in the
 * pool
 * @param queueCapacity how many messages may wait for a worker
 * @param queueTimeout how long a message may wait for a worker; zero for as long as it
 * has
 * @param balancing which worker gets a message
 * @param callTimeout how long a call may take by default; {@code null} for the default of
 * the application
 * @param onTimeout what happens to a worker that does not stop a call whose time is over
 * @param killGrace how long a worker has for stopping it
 * @param heartbeat how it is noticed that a worker hangs
 * @param restart how workers that have died are replaced
 * @param failFast whether a worker that cannot start fails the start of the application
 * @param recycle when healthy workers are replaced
 * @param quarantine when a message that has killed workers is refused
 * @param retry what is done with messages of a worker that has died
 * @param drainTimeout how long a worker may take to finish what it has started
 */
public record PoolSettings(int size, int spares, int concurrency, int prefetch, int queueCapacity,
		Duration queueTimeout, Balancing balancing, @Nullable Duration callTimeout, OnTimeout onTimeout,
		Duration killGrace, Heartbeat heartbeat, Restart restart, boolean failFast, RecyclePolicy recycle,
		Quarantine.Limit quarantine, Retry retry, Duration drainTimeout) {

	/** One worker, and safe values for everything else. */
	public static final PoolSettings DEFAULT = new PoolSettings(1, 0, 1, 0, 1000, Duration.ZERO,
			Balancing.LEAST_OUTSTANDING, null, OnTimeout.RECYCLE, Duration.ofSeconds(5),
			new Heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(30)),
			new Restart(Backoff.DEFAULT, new CrashBudget.Limit(5, Duration.ofSeconds(60)), Duration.ofSeconds(30)),
			true, RecyclePolicy.DEFAULT, new Quarantine.Limit(2, Duration.ofMinutes(10)),
			new Retry(RetryMode.NOT_STARTED, 2), Duration.ofSeconds(20));

	public PoolSettings {
		Settings.requireAtLeast("size", 0, size);
		Settings.requireAtLeast("spares", 0, spares);
		Settings.requireAtLeast("concurrency", 1, concurrency);
		Settings.requireAtLeast("prefetch", 0, prefetch);
		Settings.requireAtLeast("queue-capacity", 0, queueCapacity);
		Settings.requireNotNegative("queue-timeout", queueTimeout);
		if (callTimeout != null) {
			Settings.requireNotNegative("call-timeout", callTimeout);
		}
		Settings.requireNotNegative("kill-grace", killGrace);
		Settings.requireNotNegative("drain-timeout", drainTimeout);
	}

	/**
	 * Return the same settings for another number of workers.
	 * @param newSize the number of workers
	 * @return settings
	 */
	public PoolSettings withSize(int newSize) {
		return new PoolSettings(newSize, this.spares, this.concurrency, this.prefetch, this.queueCapacity,
				this.queueTimeout, this.balancing, this.callTimeout, this.onTimeout, this.killGrace, this.heartbeat,
				this.restart, this.failFast, this.recycle, this.quarantine, this.retry, this.drainTimeout);
	}

	/**
	 * Return the same settings for another number of calls at a time.
	 * @param newConcurrency how many calls a worker runs at a time
	 * @return settings
	 */
	public PoolSettings withConcurrency(int newConcurrency) {
		return new PoolSettings(this.size, this.spares, newConcurrency, this.prefetch, this.queueCapacity,
				this.queueTimeout, this.balancing, this.callTimeout, this.onTimeout, this.killGrace, this.heartbeat,
				this.restart, this.failFast, this.recycle, this.quarantine, this.retry, this.drainTimeout);
	}

	/**
	 * Return the same settings for workers that get more calls than they run.
	 * @param newPrefetch how many calls more a worker may have
	 * @return settings
	 */
	public PoolSettings withPrefetch(int newPrefetch) {
		return new PoolSettings(this.size, this.spares, this.concurrency, newPrefetch, this.queueCapacity,
				this.queueTimeout, this.balancing, this.callTimeout, this.onTimeout, this.killGrace, this.heartbeat,
				this.restart, this.failFast, this.recycle, this.quarantine, this.retry, this.drainTimeout);
	}

	/**
	 * Return the same settings with another way to notice that a worker hangs.
	 * @param newHeartbeat the heartbeat
	 * @return settings
	 */
	public PoolSettings withHeartbeat(Heartbeat newHeartbeat) {
		return new PoolSettings(this.size, this.spares, this.concurrency, this.prefetch, this.queueCapacity,
				this.queueTimeout, this.balancing, this.callTimeout, this.onTimeout, this.killGrace, newHeartbeat,
				this.restart, this.failFast, this.recycle, this.quarantine, this.retry, this.drainTimeout);
	}

	/**
	 * Return the same settings with another time to stop a call.
	 * @param newKillGrace how long a worker has
	 * @return settings
	 */
	public PoolSettings withKillGrace(Duration newKillGrace) {
		return new PoolSettings(this.size, this.spares, this.concurrency, this.prefetch, this.queueCapacity,
				this.queueTimeout, this.balancing, this.callTimeout, this.onTimeout, newKillGrace, this.heartbeat,
				this.restart, this.failFast, this.recycle, this.quarantine, this.retry, this.drainTimeout);
	}

	/**
	 * Return the same settings with another way to replace workers that have died.
	 * @param newRestart the rules
	 * @return settings
	 */
	public PoolSettings withRestart(Restart newRestart) {
		return new PoolSettings(this.size, this.spares, this.concurrency, this.prefetch, this.queueCapacity,
				this.queueTimeout, this.balancing, this.callTimeout, this.onTimeout, this.killGrace, this.heartbeat,
				newRestart, this.failFast, this.recycle, this.quarantine, this.retry, this.drainTimeout);
	}

	/**
	 * What happens to a worker that does not stop a call whose time is over.
	 */
	public enum OnTimeout {

		/** The call is cancelled, and if that does not help, the worker is killed. */
		RECYCLE,

		/** The call is cancelled, and nothing else. */
		CANCEL

	}

	/**
	 * Which messages of a worker that has died are sent to another one.
	 */
	public enum RetryMode {

		/** Those that no listener has seen. */
		NOT_STARTED,

		/** Those too that a listener may have seen, if they are marked as idempotent. */
		IDEMPOTENT,

		/** None. */
		NEVER

	}

	/**
	 * What is done with messages of a worker that has died.
	 *
	 * @param mode which of them are sent to another worker
	 * @param limit how often a message that may have been started is sent again
	 */
	public record Retry(RetryMode mode, int limit) {

		public Retry {
			Settings.requireAtLeast("retry.limit", 0, limit);
		}

		/**
		 * Whether another worker may have a message. To be asked once for each loss.
		 */
		boolean permits(Exchange exchange, boolean mayHaveStarted) {
			return switch (this.mode) {
				case NEVER -> false;
				case NOT_STARTED -> !mayHaveStarted;
				case IDEMPOTENT -> !mayHaveStarted || exchange.repeat(this.limit);
			};
		}

	}

	/**
	 * How it is noticed that a worker hangs.
	 *
	 * @param interval how often it is asked for a sign of life; zero to never ask
	 * @param timeout how long it may give none, and how long it may leave a handle
	 * untaken
	 */
	public record Heartbeat(Duration interval, Duration timeout) {

		public Heartbeat {
			Settings.requireNotNegative("heartbeat.interval", interval);
			Settings.require(timeout.compareTo(interval) > 0,
					"heartbeat.timeout must be longer than the interval, but is %s", timeout);
		}

	}

	/**
	 * How workers that have died are replaced.
	 *
	 * @param backoff the pauses
	 * @param budget how many may die before the pool is degraded
	 * @param probeInterval how often a degraded pool tries a worker
	 */
	public record Restart(Backoff backoff, CrashBudget.Limit budget, Duration probeInterval) {

		public Restart {
			Settings.requirePositive("restart.probe-interval", probeInterval);
		}

	}

}
