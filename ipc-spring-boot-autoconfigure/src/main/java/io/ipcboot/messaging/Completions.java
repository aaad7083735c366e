package io.ipcboot.messaging;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.ipcboot.channel.Background;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Outcomes that somebody has attached code to. That code may block, so it must not run
 * where the outcomes become known, and one must not hold up the others for long.
 */
final class Completions {

	private static final Log logger = LogFactory.getLog(Completions.class);

	/** How long one may take before another thread goes on with the others. */
	private static final Duration PATIENCE = Duration.ofMillis(1);

	private static final Duration GRACE = Duration.ofMillis(100);

	private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger unfinished = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition finished = this.lock.newCondition();

	void add(Runnable completion) {
		this.unfinished.incrementAndGet();
		this.waiting.add(completion);
	}

	boolean isEmpty() {
		return this.waiting.isEmpty();
	}

	/**
	 * Run all, on a thread that others stand in for if it is held up.
	 */
	void run() {
		Runnable next;
		while ((next = this.waiting.poll()) != null) {
			run(next);
		}
	}

	/**
	 * Run all on other threads, because nobody else will. Returns when they have run, or
	 * after a moment if one of them takes longer.
	 */
	void finish() {
		runElsewhere();
		this.lock.lock();
		try {
			long patience = GRACE.toNanos();
			while (this.unfinished.get() > 0 && patience > 0) {
				patience = this.finished.awaitNanos(patience);
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
	 * Run all on other threads. Returns at once.
	 */
	void runElsewhere() {
		if (!isEmpty()) {
			Background.EXECUTOR.execute(this::runWithRelief);
		}
	}

	private void runWithRelief() {
		Runnable next;
		while ((next = this.waiting.poll()) != null) {
			Future<?> relief = Background.schedule(this::runWithRelief, PATIENCE);
			run(next);
			relief.cancel(false);
		}
	}

	private void run(Runnable completion) {
		try {
			completion.run();
		}
		catch (Throwable ex) {
			logger.error("Code that waited for an outcome failed", ex);
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
