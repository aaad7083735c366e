package io.ipcboot.messaging;

import java.util.concurrent.atomic.LongAdder;

/**
 * What a peer counts.
 */
public final class PeerStatistics {

	final LongAdder unhandled = new LongAdder();

	final LongAdder lateReplies = new LongAdder();

	/**
	 * Return how many one-way messages had no listener.
	 * @return a count
	 */
	public long unhandledMessages() {
		return this.unhandled.sum();
	}

	/**
	 * Return how many outcomes came after the caller had stopped waiting.
	 * @return a count
	 */
	public long lateReplies() {
		return this.lateReplies.sum();
	}

}
