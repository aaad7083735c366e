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
 * @param prefetch how many extra calls a worker may have, which wait there and not in the
 * pool
 * @param queueCapacity how many messages may wait for a worker
 * @param queueTimeout how long a message may wait for a worker; zero waits until its own
 * deadline
 * @param balancing which worker gets a message
 * @param callTimeout how long a call may take by default; {@code null} for the default of
 * the application
 * @param onTimeout what happens to a worker that does not stop a call that timed out
 * @param killGrace how long a worker has for stopping such a call, or for beginning to
 * leave when it gets the kill signal
 * @param heartbeat how a hanging worker is detected
 * @param restart how dead workers are replaced
 * @param failFast whether a worker that cannot start fails the start of the application
 * @param recycle when healthy workers are replaced
 * @param quarantine when a message that killed workers is refused
 * @param retry what is done with the messages of a dead worker
 * @param drainTimeout how long a worker may take to finish what it started when it is
 * asked to end
 */
public record PoolSettings(int size, int spares, int concurrency, int prefetch, int queueCapacity,
		Duration queueTimeout, Balancing balancing, @Nullable Duration callTimeout, OnTimeout onTimeout,
		Duration killGrace, Heartbeat heartbeat, Restart restart, boolean failFast, RecyclePolicy recycle,
		QuarantineRule quarantine, Retry retry, Duration drainTimeout) {

	/** The defaults: one worker, and safe values for everything else. */
	public static final PoolSettings DEFAULT = new PoolSettings(1, 0, 1, 0, 1000, Duration.ZERO,
			Balancing.LEAST_OUTSTANDING, null, OnTimeout.RECYCLE, Duration.ofSeconds(5),
			new Heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(30)),
			new Restart(Backoff.DEFAULT, new CrashBudget(5, Duration.ofSeconds(60)), Duration.ofSeconds(30)), true,
			RecyclePolicy.DEFAULT, new QuarantineRule(2, Duration.ofMinutes(10)), new Retry(RetryMode.NOT_STARTED, 2),
			Duration.ofSeconds(20));

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
	 * What happens to a worker that does not stop a call that timed out.
	 */
	public enum OnTimeout {

		/** The call is cancelled, and if that does not help, the worker is killed. */
		RECYCLE,

		/** The call is cancelled, and nothing else. */
		CANCEL

	}

	/**
	 * Which messages of a dead worker are sent to another one.
	 */
	public enum RetryMode {

		/** The messages that no listener has seen. */
		NOT_STARTED,

		/** Also those that a listener may have seen, if they are marked as idempotent. */
		IDEMPOTENT,

		/** No message. */
		NEVER

	}

	/**
	 * What is done with the messages of a dead worker.
	 *
	 * @param mode which messages are sent to another worker
	 * @param limit how often a message that may have been started is sent again
	 */
	public record Retry(RetryMode mode, int limit) {

		public Retry {
			Settings.requireAtLeast("retry.limit", 0, limit);
		}

		/**
		 * Return whether another worker may have a message. To be called once for each
		 * loss.
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
	 * When a message that killed workers is refused, and for how long.
	 *
	 * @param deaths the number of deaths after which the message is refused
	 * @param duration how long the message is refused, from the last death
	 */
	public record QuarantineRule(int deaths, Duration duration) {

		public QuarantineRule {
			Settings.requireAtLeast("quarantine.after", 1, deaths);
			Settings.requirePositive("quarantine.for", duration);
		}

	}

	/**
	 * How a hanging worker is detected.
	 *
	 * @param interval how often a worker is asked for a sign of life; zero for never
	 * @param timeout how long a worker may be silent, and how long it may leave a handle
	 * unstarted
	 */
	public record Heartbeat(Duration interval, Duration timeout) {

		public Heartbeat {
			Settings.requireNotNegative("heartbeat.interval", interval);
			Settings.require(timeout.compareTo(interval) > 0,
					"heartbeat.timeout must be longer than the interval, but is %s", timeout);
		}

	}

	/**
	 * How dead workers are replaced.
	 *
	 * @param backoff the pauses
	 * @param budget how many workers may die before the pool is degraded
	 * @param probeInterval how often a degraded pool starts a trial worker
	 */
	public record Restart(Backoff backoff, CrashBudget budget, Duration probeInterval) {

		public Restart {
			Settings.requirePositive("restart.probe-interval", probeInterval);
		}

	}

	/**
	 * How many deaths a pool tolerates before it is degraded. Deaths while starting and
	 * deaths while running are counted separately.
	 *
	 * @param deaths how many deaths are tolerated
	 * @param period the time within which deaths are counted
	 */
	public record CrashBudget(int deaths, Duration period) {

		public CrashBudget {
			Settings.requireAtLeast("restart.budget.deaths", 1, deaths);
			Settings.requirePositive("restart.budget.period", period);
		}

	}

}
