package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * How many deaths a pool may have within a period, as the restart intensity of an Erlang
 * supervisor. Deaths while starting and deaths while running are counted apart: the ones
 * say that the application is broken, the others that its traffic is. Not safe for
 * concurrent use.
 */
public final class CrashBudget {

	private final Deque<Long> whileStarting = new ArrayDeque<>();

	private final Deque<Long> whileRunning = new ArrayDeque<>();

	private final Limit limit;

	private final LongSupplier nanoTime;

	CrashBudget(Limit limit, LongSupplier nanoTime) {
		this.limit = limit;
		this.nanoTime = nanoTime;
	}

	/**
	 * Count a death.
	 * @param starting whether the worker had never been ready
	 * @return {@code false} if that was one too many
	 */
	boolean spend(boolean starting) {
		Deque<Long> deaths = starting ? this.whileStarting : this.whileRunning;
		long now = this.nanoTime.getAsLong();
		deaths.addLast(now);
		while (now - deaths.getFirst() > this.limit.period.toNanos()) {
			deaths.removeFirst();
		}
		return deaths.size() <= this.limit.deaths;
	}

	void reset() {
		this.whileStarting.clear();
		this.whileRunning.clear();
	}

	/**
	 * The size of the budget.
	 *
	 * @param deaths how many deaths are tolerated
	 * @param period within what time
	 */
	public record Limit(int deaths, Duration period) {

		public Limit {
			Settings.requireAtLeast("restart.budget.deaths", 1, deaths);
			Settings.requirePositive("restart.budget.period", period);
		}

	}

}
