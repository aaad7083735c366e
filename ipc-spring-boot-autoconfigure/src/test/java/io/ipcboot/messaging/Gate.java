package io.ipcboot.messaging;

import java.util.concurrent.CountDownLatch;

/**
 * Holds up listeners until the test opens it.
 */
final class Gate {

	private final CountDownLatch open = new CountDownLatch(1);

	private final CountDownLatch reached = new CountDownLatch(1);

	/** Wait, and give up if interrupted. */
	void await() throws InterruptedException {
		this.reached.countDown();
		this.open.await();
	}

	/** Wait, whatever happens. */
	void awaitUninterruptibly() {
		this.reached.countDown();
		boolean interrupted = false;
		while (true) {
			try {
				this.open.await();
				break;
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/** Wait until somebody waits. */
	void awaitReached() throws InterruptedException {
		this.reached.await();
	}

	boolean isReached() {
		return this.reached.getCount() == 0;
	}

	void open() {
		this.open.countDown();
	}

}
