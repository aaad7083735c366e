package io.ipcboot.pool;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A lock that nobody holds for long. Whoever sends a stream of messages and whoever reads
 * the reports about them meet here again and again, and both are done sooner than a
 * thread is put to sleep, so who comes second first waits without sleeping.
 */
final class BriefLock {

	private static final int SPINS = 200;

	private final ReentrantLock lock = new ReentrantLock();

	private final Runnable atEnd;

	/**
	 * @param atEnd done each time before the lock is free again
	 */
	BriefLock(Runnable atEnd) {
		this.atEnd = atEnd;
	}

	/**
	 * Do something that must not be done at the same time as anything else here.
	 */
	<T extends @Nullable Object> T hold(Supplier<T> action) {
		lock();
		try {
			return action.get();
		}
		finally {
			try {
				this.atEnd.run();
			}
			finally {
				this.lock.unlock();
			}
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

}
