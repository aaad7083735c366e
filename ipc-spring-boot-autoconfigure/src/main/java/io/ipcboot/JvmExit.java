package io.ipcboot;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.ipcboot.process.Session;

/**
 * Ends this JVM in order, and for certain. The thread that makes sure of it is there from
 * the start, when there are still threads to be had.
 */
final class JvmExit {

	private int code;

	private long haltAt = Long.MAX_VALUE;

	private final long start = System.nanoTime();

	JvmExit() {
		Thread watchdog = new Thread(this::watch, "ipc-exit");
		watchdog.setDaemon(true);
		watchdog.start();
	}

	/**
	 * Run the shutdown hooks, and halt if they take too long.
	 */
	void exit(int newCode, Duration haltAfter) {
		haltAfter(newCode, haltAfter);
		Thread exit = new Thread(() -> System.exit(newCode), "ipc-shutdown");
		exit.setDaemon(true);
		exit.start();
	}

	/**
	 * Halt this JVM if it has not ended by then. Of several deadlines the first one
	 * counts.
	 */
	synchronized void haltAfter(int newCode, Duration delay) {
		long at = elapsed() + delay.toNanos();
		if (at < this.haltAt) {
			this.code = newCode;
			this.haltAt = at;
			notifyAll();
		}
	}

	private long elapsed() {
		return System.nanoTime() - this.start;
	}

	private void watch() {
		int exitCode = awaitDeadline();
		// of the hooks that do so the first one may be the one that hangs
		Session.killOthers();
		Runtime.getRuntime().halt(exitCode);
	}

	private synchronized int awaitDeadline() {
		while (elapsed() < this.haltAt) {
			try {
				TimeUnit.NANOSECONDS.timedWait(this, this.haltAt - elapsed());
			}
			catch (InterruptedException ex) {
				// nobody interrupts this thread to keep the JVM alive
			}
		}
		return this.code;
	}

}
