package io.ipcboot.messaging;

import java.util.concurrent.Executor;

/**
 * How a peer runs its listeners.
 *
 * @param concurrency how many messages a listener takes at a time unless it has a setting
 * of its own
 * @param executor runs listeners that take several messages at a time
 * @param interceptors are around listeners
 */
public record PeerOptions(int concurrency, Executor executor, Interceptors interceptors) {

	public PeerOptions {
		if (concurrency < 1) {
			throw new IllegalArgumentException("The concurrency must be at least 1, but is " + concurrency);
		}
	}

	/**
	 * Create options without interceptors.
	 * @param concurrency how many messages a listener takes at a time unless it has a
	 * setting of its own
	 * @param executor runs listeners that take several messages at a time
	 */
	public PeerOptions(int concurrency, Executor executor) {
		this(concurrency, executor, Interceptors.NONE);
	}

}
