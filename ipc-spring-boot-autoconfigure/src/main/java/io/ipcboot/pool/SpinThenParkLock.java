package io.ipcboot.pool;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A lock that spins before it parks. The threads that send messages and the thread that
 * reads the reports about them contend for it on every message, and hold it for less time
 * than a park takes.
 */
final class SpinThenParkLock {

	private static final int SPINS = 200;

	private final ReentrantLock lock = new ReentrantLock();

	private final Runnable atEnd;

	/**
	 * @param atEnd run each time before the lock is released
	 */
	SpinThenParkLock(Runnable atEnd) {
		this.atEnd = atEnd;
	}

	/**
	 * Run an action with the lock held, and return its result.
	 */
	<T extends @Nullable Object> T hold(Supplier<T> action) {
		lock();
		try {
			return action.get();
		}
		finally {
			unlock();
		}
	}

	/**
	 * Run an action with the lock held.
	 */
	void hold(Runnable action) {
		lock();
		try {
			action.run();
		}
		finally {
			unlock();
		}
	}

	private void lock() {
		for (int spins = 0; spins < SPINS; spins++) {
			if (this.lock.tryLock()) {
				return;
			}
			Thread.onSpinWait();
		}
		this.lock.lock();
	}

	private void unlock() {
		try {
			this.atEnd.run();
		}
		finally {
			this.lock.unlock();
		}
	}

}
