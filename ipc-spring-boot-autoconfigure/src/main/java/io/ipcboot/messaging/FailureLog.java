package io.ipcboot.messaging;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs what has failed on this side because of what a peer has sent, which must not fill
 * the disk if the peer goes on with it. Safe for concurrent use.
 */
final class FailureLog {

	private static final Log logger = LogFactory.getLog(FailureLog.class);

	/** How many failures are logged in a period. */
	static final int LIMIT = 20;

	private static final Duration PERIOD = Duration.ofSeconds(10);

	private long start = System.nanoTime();

	private int count;

	void error(String problem, Throwable failure) {
		switch (Integer.compare(next(), LIMIT)) {
			case -1 -> logger.error(problem, failure);
			case 0 -> logger.error("%s: %s. Others that follow within %d s are not logged".formatted(problem, failure,
					PERIOD.toSeconds()));
			default -> {
			}
		}
	}

	private synchronized int next() {
		long now = System.nanoTime();
		if (now - this.start > PERIOD.toNanos()) {
			this.start = now;
			this.count = 0;
		}
		return ++this.count;
	}

}
