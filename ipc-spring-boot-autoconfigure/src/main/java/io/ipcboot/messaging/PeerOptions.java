package io.ipcboot.messaging;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * How a peer behaves.
 *
 * @param callTimeout how long a call may take by default; zero for no limit
 * @param concurrency how many messages listeners take at a time unless they say otherwise
 * @param executor runs listeners that take several messages at a time
 */
public record PeerOptions(Duration callTimeout, int concurrency, Executor executor) {

	public PeerOptions {
		if (callTimeout.isNegative()) {
			throw new IllegalArgumentException("The call timeout must not be negative, but is " + callTimeout);
		}
		if (concurrency < 1) {
			throw new IllegalArgumentException("The concurrency must be at least 1, but is " + concurrency);
		}
	}

}
