package io.ipcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;

/**
 * Accepts connections on the current thread, one after the other. The loop goes on after
 * a failure, for example because there is no descriptor left, as no other thread would
 * accept.
 */
final class AcceptLoop {

	private static final Duration PAUSE = Duration.ofMillis(50);

	/** Logs one failure in ten seconds. */
	private static final int REPORTED = 200;

	private AcceptLoop() {
	}

	static void run(AcceptStep step, Log logger) {
		boolean open = true;
		int failures = 0;
		while (open) {
			try {
				open = step.accept();
				failures = 0;
			}
			catch (IOException | RuntimeException | Error ex) {
				if (failures++ % REPORTED == 0) {
					logger.error("Cannot accept a connection; trying again every %d ms".formatted(PAUSE.toMillis()),
							ex);
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
	interface AcceptStep {

		/**
		 * Wait for a connection and serve it or hand it over.
		 * @return {@code false} if there are no more connections
		 */
		boolean accept() throws IOException;

	}

}
