package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.pool.PoolSettings.Heartbeat;
import io.ipcboot.pool.PoolSettings.OnTimeout;
import io.ipcboot.pool.PoolSettings.QuarantineRule;
import io.ipcboot.pool.PoolSettings.Restart;
import io.ipcboot.pool.PoolSettings.Retry;
import io.ipcboot.pool.PoolSettings.RetryMode;

/**
 * Settings of a pool for a test to change. Nothing is random unless the test says so.
 */
final class TestSettings {

	int size = 1;

	int spares;

	int concurrency = 1;

	int prefetch = 0;

	int queueCapacity = 1000;

	Duration queueTimeout = Duration.ZERO;

	Balancing balancing = Balancing.LEAST_OUTSTANDING;

	OnTimeout onTimeout = OnTimeout.RECYCLE;

	Duration killGrace = Duration.ofSeconds(5);

	Heartbeat heartbeat = new Heartbeat(Duration.ZERO, Duration.ofSeconds(30));

	Backoff backoff = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(8), 0, Duration.ofSeconds(30));

	CrashBudget budget = new CrashBudget(5, Duration.ofSeconds(60));

	Duration probeInterval = Duration.ofSeconds(30);

	boolean failFast = true;

	RecyclePolicy recycle = RecyclePolicy.DEFAULT;

	QuarantineRule quarantine = new QuarantineRule(2, Duration.ofMinutes(10));

	Retry retry = new Retry(RetryMode.NOT_STARTED, 2);

	Duration drainTimeout = Duration.ofSeconds(20);

	TestSettings size(int newSize) {
		this.size = newSize;
		return this;
	}

	void heartbeat(Duration interval, Duration timeout) {
		this.heartbeat = new Heartbeat(interval, timeout);
	}

	void recycleAfter(long calls, int parallel) {
		this.recycle = new RecyclePolicy(calls, Duration.ZERO, 0, 0, 0, 0, parallel);
	}

	PoolSettings build() {
		return new PoolSettings(this.size, this.spares, this.concurrency, this.prefetch, this.queueCapacity,
				this.queueTimeout, this.balancing, null, this.onTimeout, this.killGrace, this.heartbeat,
				new Restart(this.backoff, this.budget, this.probeInterval), this.failFast, this.recycle,
				this.quarantine, this.retry, this.drainTimeout);
	}

}
