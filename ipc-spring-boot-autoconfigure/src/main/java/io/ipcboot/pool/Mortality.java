package io.ipcboot.pool;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.ipcboot.pool.Tenure.Slot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What follows from the death of a member: when another one is started, if at all. Runs
 * on the loop.
 */
final class Mortality {

	private static final Log logger = LogFactory.getLog(Mortality.class);

	private final RandomGenerator random = RandomGenerator.getDefault();

	private final Backoff backoff;

	private final SupervisorLoop loop;

	private final Health health;

	private final Startup startup;

	Mortality(Backoff backoff, SupervisorLoop loop, Health health, Startup startup) {
		this.backoff = backoff;
		this.loop = loop;
		this.health = health;
		this.startup = startup;
	}

	/**
	 * Count a death that was not meant to be. One that has left in order by itself is not
	 * held against the pool, but if all do so, they are replaced ever more slowly.
	 * @return whether the pool starts no other member for now
	 */
	boolean count(Slot slot, Tenure tenure, Member.Exited exit) {
		slot.deaths = inARow(slot.deaths, tenure, exit);
		if (this.startup.isFailedBy(exit.startFailure())) {
			return true;
		}
		if (exit.voluntary() || tenure.killed) {
			return this.health.isDegraded();
		}
		boolean degraded = this.health.died(exit);
		String reason = this.health.degradation();
		if (reason != null) {
			this.startup.degraded(new PoolDegradedException(this.health.pool(), reason));
		}
		return degraded;
	}

	/** Somebody has to know why there is no member, even if nobody asks. */
	void report(Tenure tenure, Member.Exited exit) {
		WorkerStartException failure = exit.startFailure();
		if (failure != null && !tenure.leaving && !tenure.killed) {
			logger.warn("A worker could not start: " + Health.firstLine(String.valueOf(failure.getMessage())));
		}
	}

	/**
	 * Return how many members of a place have died in a row with this one, none of which
	 * has lived long enough.
	 * @param before how many there were
	 */
	int inARow(int before, Tenure tenure, Member.Exited exit) {
		long lived = (exit.startFailure() == null) ? this.loop.nanoTime() - tenure.readyAt : 0;
		return (lived >= this.backoff.resetAfter().toNanos()) ? 1 : before + 1;
	}

	/**
	 * Return how long to wait.
	 * @param deaths how many there were in a row
	 */
	Duration pause(int deaths) {
		return this.backoff.pause(deaths, this.random.nextDouble());
	}

}
