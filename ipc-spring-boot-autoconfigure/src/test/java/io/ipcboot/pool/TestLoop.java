package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A loop whose time passes when the test says so. Everything happens on the thread of the
 * test.
 */
final class TestLoop implements SupervisorLoop {

	private final Deque<Runnable> tasks = new ArrayDeque<>();

	private final PriorityQueue<Planned> planned = new PriorityQueue<>(
			Comparator.comparingLong(Planned::at).thenComparingLong(Planned::number));

	private final Deque<Runnable> offloaded = new ArrayDeque<>();

	/** Whether other threads do not get on. */
	boolean holdOffloaded;

	private long now = 1_000_000;

	private long plans;

	/** How many of the next uses succeed until one finds no memory; negative for all. */
	int usesBeforeError = -1;

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
	}

	/** Throw an error if it is the turn of this use. */
	private void use() {
		if (this.usesBeforeError >= 0 && this.usesBeforeError-- == 0) {
			throw new OutOfMemoryError("of the test");
		}
	}

	@Override
	public Alarm schedule(Runnable task, Duration delay) {
		use();
		Planned plan = new Planned(this.now + Math.min(TimeUnit.NANOSECONDS.convert(delay), Long.MAX_VALUE - this.now),
				this.plans++, task);
		this.planned.add(plan);
		return () -> this.planned.remove(plan);
	}

	@Override
	public void offload(Runnable task) {
		use();
		(this.holdOffloaded ? this.offloaded : this.tasks).add(task);
	}

	@Override
	public long nanoTime() {
		use();
		return this.now;
	}

	/** Run all there is to do now. */
	void run() {
		while (true) {
			while (!this.holdOffloaded && !this.offloaded.isEmpty()) {
				this.tasks.add(this.offloaded.remove());
			}
			Runnable next = this.tasks.poll();
			Planned plan = this.planned.peek();
			if (next == null && plan != null && plan.at <= this.now) {
				next = this.planned.remove().task;
			}
			if (next == null) {
				return;
			}
			run(next);
		}
	}

	/** Go on after an error, as the loop of a pool does. */
	private void run(Runnable task) {
		boolean faulty = this.usesBeforeError >= 0;
		try {
			task.run();
		}
		catch (OutOfMemoryError ex) {
			if (!faulty) {
				throw ex;
			}
		}
	}

	/** Let time pass, and run everything at its time. */
	void advance(Duration time) {
		long until = this.now + time.toNanos();
		run();
		while (!this.planned.isEmpty() && this.planned.peek().at <= until) {
			this.now = Math.max(this.now, this.planned.peek().at);
			run();
		}
		this.now = Math.max(this.now, until);
	}

	/** Let time pass without running anything, as if this process were stopped. */
	void freeze(Duration time) {
		this.now += time.toNanos();
	}

	boolean isIdle() {
		return this.tasks.isEmpty() && this.planned.isEmpty() && this.offloaded.isEmpty();
	}

	private record Planned(long at, long number, Runnable task) {

	}

}
