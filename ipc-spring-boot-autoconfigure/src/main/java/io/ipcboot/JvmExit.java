package io.ipcboot;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends this JVM in order, and for certain. The thread that makes sure of it is there from
 * the start, when there are still threads to be had.
 */
final class JvmExit {

	private final CountDownLatch requested = new CountDownLatch(1);

	private volatile int code;

	private volatile Duration haltAfter = Duration.ZERO;

	JvmExit() {
		Thread watchdog = new Thread(this::watch, "ipc-exit");
		watchdog.setDaemon(true);
		watchdog.start();
	}

	/**
	 * Run the shutdown hooks, and halt if they take too long.
	 */
	void exit(int newCode, Duration newHaltAfter) {
		this.code = newCode;
		this.haltAfter = newHaltAfter;
		this.requested.countDown();
		Thread exit = new Thread(() -> System.exit(newCode), "ipc-shutdown");
		exit.setDaemon(true);
		exit.start();
	}

	private void watch() {
		try {
			this.requested.await();
			TimeUnit.NANOSECONDS.sleep(this.haltAfter.toNanos());
		}
		catch (InterruptedException ex) {
			// nobody interrupts this thread but to end it
		}
		Runtime.getRuntime().halt(this.code);
	}

}
