package io.ipcboot;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.ipcboot.process.Session;

/**
 * Shuts this JVM down, or halts it if that takes too long. The thread that halts the JVM
 * is started early, while the system still has threads left.
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
	 * Shut this JVM down, and halt it if the shutdown hooks take too long.
	 */
	void exit(int newCode, Duration haltAfter) {
		haltAfter(newCode, haltAfter);
		Thread exit = new Thread(() -> System.exit(newCode), "ipc-shutdown");
		exit.setDaemon(true);
		exit.start();
	}

	/**
	 * Halt this JVM if it has not ended after a delay. Of several deadlines the first one
	 * counts.
	 */
	synchronized void haltAfter(int newCode, Duration delay) {
		long now = elapsed();
		long at = now + Math.min(TimeUnit.NANOSECONDS.convert(delay), Long.MAX_VALUE - now);
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
		try {
			// the hook that would do so may be the one that hangs, or wait behind it
			Session.killOthers();
		}
		finally {
			// even if the class cannot be loaded because the application's files are gone
			Runtime.getRuntime().halt(exitCode);
		}
	}

	private synchronized int awaitDeadline() {
		while (elapsed() < this.haltAt) {
			try {
				TimeUnit.NANOSECONDS.timedWait(this, this.haltAt - elapsed());
			}
			catch (InterruptedException ex) {
				// an interrupt must not keep the JVM alive
			}
		}
		return this.code;
	}

}
