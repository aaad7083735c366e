package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Ends the JVM of a worker that cannot become ready. The thread that has started the
 * application reports why, and other threads may run that would keep the JVM alive.
 */
final class FailedStart {

	/** More than the report takes, and little enough for the parent to react at once. */
	private static final Duration REPORT = Duration.ofSeconds(5);

	private FailedStart() {
	}

	/** End this JVM when the current thread has reported the failure. */
	static void endJvm() {
		endJvmAfter(Thread.currentThread(), REPORT, () -> {
		});
	}

	/**
	 * End this JVM when a thread has ended.
	 * @param thread the thread
	 * @param limit how long to wait for that at most; zero for no limit
	 * @param farewell run before the JVM ends
	 */
	static void endJvmAfter(Thread thread, Duration limit, Runnable farewell) {
		// no daemon: the exit code must not depend on whether other threads run
		new Thread(() -> {
			try {
				thread.join(TimeUnit.MILLISECONDS.convert(limit));
				farewell.run();
			}
			catch (InterruptedException ex) {
				// this JVM ends
			}
			System.exit(1);
		}, "ipc-failed-start").start();
	}

}
