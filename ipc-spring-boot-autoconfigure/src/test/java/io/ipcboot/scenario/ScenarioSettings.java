package io.ipcboot.scenario;

import java.time.Duration;

import io.ipcboot.pool.Backoff;
import io.ipcboot.pool.Balancing;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.pool.PoolSettings.Heartbeat;
import io.ipcboot.pool.PoolSettings.OnTimeout;
import io.ipcboot.pool.PoolSettings.QuarantineRule;
import io.ipcboot.pool.PoolSettings.Restart;
import io.ipcboot.pool.PoolSettings.Retry;
import io.ipcboot.pool.PoolSettings.RetryMode;
import io.ipcboot.pool.RecyclePolicy;

/**
 * Settings of a pool with which everything happens soon. A scenario says only what it is
 * about. Used by one thread.
 */
final class ScenarioSettings {

	private int size = 1;

	private int spares;

	private int concurrency = 1;

	private int queueCapacity = 10_000;

	private Duration queueTimeout = Duration.ZERO;

	private Duration callTimeout = Duration.ofSeconds(30);

	private Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(200), Duration.ofSeconds(20));

	private CrashBudget budget = new CrashBudget(1000, Duration.ofMinutes(1));

	private Duration resetAfter = Duration.ofSeconds(30);

	private boolean failFast = true;

	private RecyclePolicy recycle = RecyclePolicy.DEFAULT;

	private QuarantineRule quarantine = new QuarantineRule(1000, Duration.ofMinutes(1));

	private Duration drainTimeout = Duration.ofSeconds(10);

	private Duration killGrace = Duration.ofMillis(300);

	static ScenarioSettings workers(int size) {
		ScenarioSettings settings = new ScenarioSettings();
		settings.size = size;
		return settings;
	}

	ScenarioSettings spares(int newSpares) {
		this.spares = newSpares;
		return this;
	}

	ScenarioSettings concurrency(int newConcurrency) {
		this.concurrency = newConcurrency;
		return this;
	}

	ScenarioSettings queue(int capacity, Duration timeout) {
		this.queueCapacity = capacity;
		this.queueTimeout = timeout;
		return this;
	}

	ScenarioSettings callTimeout(Duration newTimeout) {
		this.callTimeout = newTimeout;
		return this;
	}

	/**
	 * How long a worker may give no sign of life; 20 seconds where it is not the point.
	 */
	ScenarioSettings heartbeatTimeout(Duration newTimeout) {
		this.heartbeat = new Heartbeat(Duration.ofMillis(200), newTimeout);
		return this;
	}

	ScenarioSettings budget(int deaths, Duration period) {
		this.budget = new CrashBudget(deaths, period);
		return this;
	}

	/** How long a worker has to live until its memory counts. */
	ScenarioSettings resetAfter(Duration newTime) {
		this.resetAfter = newTime;
		return this;
	}

	ScenarioSettings tolerateFailedStart() {
		this.failFast = false;
		return this;
	}

	ScenarioSettings recycle(RecyclePolicy newPolicy) {
		this.recycle = newPolicy;
		return this;
	}

	ScenarioSettings quarantine(int deaths, Duration duration) {
		this.quarantine = new QuarantineRule(deaths, duration);
		return this;
	}

	ScenarioSettings drainTimeout(Duration newTimeout) {
		this.drainTimeout = newTimeout;
		return this;
	}

	/** How long a worker may go on with a call that nobody waits for any more. */
	ScenarioSettings killGrace(Duration newTime) {
		this.killGrace = newTime;
		return this;
	}

	PoolSettings build() {
		Backoff backoff = new Backoff(Duration.ofMillis(50), 2, Duration.ofMillis(400), 0.2, this.resetAfter);
		return new PoolSettings(this.size, this.spares, this.concurrency, 0, this.queueCapacity, this.queueTimeout,
				Balancing.LEAST_OUTSTANDING, this.callTimeout, OnTimeout.RECYCLE, this.killGrace, this.heartbeat,
				new Restart(backoff, this.budget, Duration.ofMillis(500)), this.failFast, this.recycle, this.quarantine,
				new Retry(RetryMode.NOT_STARTED, 2), this.drainTimeout);
	}

}
