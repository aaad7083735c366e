package io.ipcboot.messaging;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.Recipients;

/**
 * Completes outcomes that have code attached. The code may block, so it must not run on
 * the thread that learns of the outcomes, and the code of one outcome must not hold up
 * the others for long.
 */
final class Completions {

	/** How long a completion may take before another thread goes on with the others. */
	private static final Duration PATIENCE = Duration.ofMillis(1);

	/** How long nothing may have finished until waiting for the rest ends. */
	private static final Duration GRACE = Duration.ofMillis(100);

	/** How many threads may be held up by such code before others come slowly. */
	private static final int MANY = 64;

	/**
	 * How long it takes then. Others have to come, as the code may wait for an outcome
	 * whose completion waits here.
	 */
	private static final Duration LONG_PATIENCE = Duration.ofSeconds(1);

	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger unfinished = new AtomicInteger();

	/** How many threads run completions. */
	private final AtomicInteger runners = new AtomicInteger();

	/** How many of them are relieved by the timer, and not by another reading thread. */
	private final AtomicInteger relieved = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition finished = this.lock.newCondition();

	/**
	 * Complete an exchange: at once, unless code is attached to its outcome.
	 */
	void complete(Exchange exchange, Runnable completion) {
		if (exchange.hasDependents()) {
			add(completion);
		}
		else {
			completion.run();
		}
	}

	void add(Runnable completion) {
		this.unfinished.incrementAndGet();
		this.waiting.add(completion);
	}

	/** Return whether the reading thread has completions to run. */
	boolean hasWork() {
		return !this.waiting.isEmpty() && this.runners.get() < MANY;
	}

	/**
	 * Run all completions on the reading thread, for which other threads take over if it
	 * is held up.
	 */
	void run() {
		if (this.runners.incrementAndGet() == MANY) {
			Background.schedule(this::runWithRelief, LONG_PATIENCE);
		}
		Runnable next;
		while ((next = this.waiting.poll()) != null) {
			run(next);
		}
		if (this.runners.getAndDecrement() >= MANY) {
			// another reading thread may have left some to this one
			runElsewhere();
		}
	}

	/**
	 * Run all completions on other threads, because no reading thread will. Returns when
	 * they have run, or after a moment if one of them takes longer.
	 */
	void finish() {
		runElsewhere();
		this.lock.lock();
		try {
			int left = Integer.MAX_VALUE;
			while (this.unfinished.get() > 0 && this.unfinished.get() < left) {
				left = this.unfinished.get();
				this.finished.awaitNanos(GRACE.toNanos());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Run all completions on other threads. Returns at once.
	 */
	void runElsewhere() {
		if (!this.waiting.isEmpty() && this.relieved.get() == 0) {
			Background.EXECUTOR.execute(this::runWithRelief);
		}
	}

	private void runWithRelief() {
		this.relieved.incrementAndGet();
		this.runners.incrementAndGet();
		Runnable next;
		while ((next = this.waiting.poll()) != null) {
			Future<?> relief = Background.schedule(this::runWithRelief,
					(this.runners.get() < MANY) ? PATIENCE : LONG_PATIENCE);
			run(next);
			relief.cancel(false);
		}
		this.runners.decrementAndGet();
		if (this.relieved.decrementAndGet() == 0) {
			// what was added meanwhile was left to this thread
			runElsewhere();
		}
	}

	private void run(Runnable completion) {
		try {
			completion.run();
		}
		catch (Throwable ex) {
			Recipients.log("Code that waited for an outcome failed", ex);
		}
		if (this.unfinished.decrementAndGet() == 0) {
			signalFinished();
		}
	}

	private void signalFinished() {
		this.lock.lock();
		try {
			this.finished.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
