package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * When a healthy worker is replaced on purpose. The limits of calls and age differ a
 * little from worker to worker, so that workers that started together do not leave
 * together.
 *
 * @param maxCalls how many calls a worker serves, 0 for no limit
 * @param maxAge how long a worker lives, zero for no limit
 * @param jitter the part by which those two limits differ, from 0 to 1
 * @param softMemory resident memory above which a worker is replaced between calls, in
 * bytes, 0 for no limit
 * @param hardMemory resident memory above which a worker is killed, in bytes, 0 for no
 * limit
 * @param heapAfterCollection used heap after a collection above which a worker is
 * replaced between calls, in bytes, 0 for no limit
 * @param parallel how many slots of a pool may be replaced at a time
 */
public record RecyclePolicy(long maxCalls, Duration maxAge, double jitter, long softMemory, long hardMemory,
		long heapAfterCollection, int parallel) {

	/** The default: no limits, one slot at a time. */
	public static final RecyclePolicy DEFAULT = new RecyclePolicy(0, Duration.ZERO, 0.1, 0, 0, 0, 1);

	public RecyclePolicy {
		Settings.requireAtLeast("recycle.max-calls", 0, maxCalls);
		Settings.requireNotNegative("recycle.max-age", maxAge);
		Settings.require(jitter >= 0 && jitter <= 1, "recycle.jitter must be from 0 to 1, but is %s", jitter);
		Settings.requireAtLeast("recycle.max-memory.soft", 0, softMemory);
		Settings.requireAtLeast("recycle.max-memory.hard", 0, hardMemory);
		Settings.requireAtLeast("recycle.max-memory.heap", 0, heapAfterCollection);
		Settings.require(hardMemory == 0 || softMemory <= hardMemory,
				"recycle.max-memory.soft must not be above the hard limit, but is %s bytes", softMemory);
		Settings.requireAtLeast("recycle.parallel", 1, parallel);
	}

	/**
	 * Fix the limits for a worker that starts now.
	 */
	Limits limitsFor(RandomGenerator random) {
		double factor = 1 + this.jitter * random.nextDouble();
		long calls = (this.maxCalls > 0) ? Math.max(1, Math.round(this.maxCalls * factor)) : Long.MAX_VALUE;
		Duration age = this.maxAge.isZero() ? Duration.ofNanos(Long.MAX_VALUE)
				: Duration.ofMillis(Math.round(TimeUnit.MILLISECONDS.convert(this.maxAge) * factor));
		return new Limits(calls, age);
	}

	/**
	 * Return whether any limit needs the worker's memory.
	 */
	boolean watchesMemory() {
		return this.softMemory > 0 || this.hardMemory > 0 || this.heapAfterCollection > 0;
	}

	/**
	 * Return why a worker has to be replaced between calls.
	 * @param leastAge the age from which its memory counts; otherwise a limit below what
	 * every worker needs would replace workers without end
	 * @return the reason, or {@code null} if the worker can stay
	 */
	@Nullable String due(Limits limits, Usage usage, Duration leastAge) {
		if (usage.calls >= limits.calls) {
			return "it has served %,d calls".formatted(usage.calls);
		}
		if (usage.age.compareTo(limits.age) >= 0) {
			return "it is %,d s old".formatted(usage.age.toSeconds());
		}
		if (usage.age.compareTo(leastAge) < 0) {
			return null;
		}
		if (this.softMemory > 0 && usage.resident > this.softMemory) {
			return "it uses %,d MB of memory after %,d s".formatted(usage.resident >> 20, usage.age.toSeconds());
		}
		if (this.heapAfterCollection > 0 && usage.heapAfterCollection > this.heapAfterCollection) {
			return "%,d MB of its heap survive a collection after %,d s".formatted(usage.heapAfterCollection >> 20,
					usage.age.toSeconds());
		}
		return null;
	}

	/**
	 * Return whether a worker uses so much memory that it is killed.
	 */
	boolean isOverHardLimit(Usage usage) {
		return this.hardMemory > 0 && usage.resident > this.hardMemory;
	}

	/**
	 * The limits of one worker.
	 */
	record Limits(long calls, Duration age) {

	}

	/**
	 * The usage of a worker; memory in bytes, 0 if unknown.
	 */
	record Usage(long calls, Duration age, long resident, long heapAfterCollection) {

	}

}
