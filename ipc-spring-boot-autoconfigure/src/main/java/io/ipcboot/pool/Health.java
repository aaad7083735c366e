package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.pool.SupervisorLoop.Alarm;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pool replaces its dead members, or has lost so many that it only tries one
 * from time to time. Runs on the loop.
 */
final class Health {

	private static final Log logger = LogFactory.getLog(Health.class);

	private final String pool;

	private final PoolSettings.Restart settings;

	private final CrashBudget budget;

	private final SupervisorLoop loop;

	private final Traffic traffic;

	private final PoolObserver observer;

	/** How many in a row were never ready. */
	private int failedStarts;

	private Runnable probe = () -> {
	};

	private @Nullable Alarm alarm;

	private volatile @Nullable String degradation;

	Health(String pool, PoolSettings.Restart settings, SupervisorLoop loop, Traffic traffic, PoolObserver observer) {
		this.pool = pool;
		this.settings = settings;
		this.loop = loop;
		this.traffic = traffic;
		this.observer = observer;
		this.budget = new CrashBudget(settings.budget(), loop::nanoTime);
	}

	void onProbe(Runnable newProbe) {
		this.probe = newProbe;
	}

	String pool() {
		return this.pool;
	}

	boolean isDegraded() {
		return this.degradation != null;
	}

	@Nullable String degradation() {
		return this.degradation;
	}

	/**
	 * A member has died.
	 * @return whether no other one is started for now
	 */
	boolean died(Member.Exited exit) {
		WorkerStartException failure = exit.startFailure();
		CrashBudget.Limit limit = this.settings.budget();
		boolean spent = !this.budget.spend(failure != null);
		if (failure != null) {
			this.failedStarts++;
		}
		if (isDegraded()) {
			return true;
		}
		String last = (failure != null) ? ": " + failure.getMessage() : " " + exit.problem();
		if (spent) {
			degrade("more than %d workers have died within %d s; the last one%s".formatted(limit.deaths(),
					limit.period().toSeconds(), last));
		}
		else if (failure != null && this.failedStarts > limit.deaths() && !this.traffic.isServed()) {
			// each may have taken so long that the period is over; callers wait all the
			// time
			degrade("%d workers in a row could not start; the last one%s".formatted(this.failedStarts, last));
		}
		return isDegraded();
	}

	private void degrade(String reason) {
		this.degradation = reason;
		logger.error("Pool '%s' is DEGRADED: %s. One is tried every %s".formatted(this.pool, firstLine(reason),
				words(this.settings.probeInterval())));
		this.traffic.degrade(reason);
		planProbe();
		this.observer.degraded(this.pool, reason);
	}

	private void planProbe() {
		this.alarm = this.loop.schedule(this::probeNow, this.settings.probeInterval());
	}

	/** Try nothing more. */
	void stop() {
		if (this.alarm != null) {
			this.alarm.cancel();
		}
	}

	/** Without what the process has printed, which the log has already. */
	static String firstLine(String text) {
		return text.lines().findFirst().orElse(text);
	}

	private static String words(Duration time) {
		return (time.toMillis() >= 1000) ? time.toSeconds() + " s" : time.toMillis() + " ms";
	}

	private void probeNow() {
		if (isDegraded()) {
			planProbe();
			this.probe.run();
		}
	}

	/**
	 * A member is ready.
	 * @return whether the pool was degraded and is not any more
	 */
	boolean recovered() {
		this.failedStarts = 0;
		if (!isDegraded()) {
			return false;
		}
		stop();
		this.degradation = null;
		this.budget.reset();
		logger.info("Pool '%s' has recovered".formatted(this.pool));
		this.traffic.degrade(null);
		this.observer.recovered(this.pool);
		return true;
	}

}
