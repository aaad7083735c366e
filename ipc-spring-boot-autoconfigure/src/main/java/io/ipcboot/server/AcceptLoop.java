package io.ipcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;

/**
 * Accepts connections on the current thread, one after the other. A failure, for example
 * because there is no descriptor left, is no reason to end, as nobody else would accept
 * any more.
 */
final class AcceptLoop {

	private static final Duration PAUSE = Duration.ofMillis(50);

	/** One failure in ten seconds is enough for a log. */
	private static final int REPORTED = 200;

	private AcceptLoop() {
	}

	static void run(Step step, Log logger) {
		boolean open = true;
		int failures = 0;
		while (open) {
			try {
				open = step.accept();
				failures = 0;
			}
			catch (IOException | RuntimeException | Error ex) {
				if (failures++ % REPORTED == 0) {
					logger.error("A connection could not be accepted; it is tried again every %d ms"
						.formatted(PAUSE.toMillis()), ex);
				}
				pause();
			}
		}
	}

	private static void pause() {
		try {
			TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@FunctionalInterface
	interface Step {

		/**
		 * Wait for a connection and take care of it.
		 * @return {@code false} if there will be none any more
		 */
		boolean accept() throws IOException;

	}

}
