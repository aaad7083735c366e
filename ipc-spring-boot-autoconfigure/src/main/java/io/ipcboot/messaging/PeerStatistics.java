package io.ipcboot.messaging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import io.ipcboot.handle.HandleKind;

/**
 * Counters of a peer.
 */
public final class PeerStatistics {

	final LongAdder unhandled = new LongAdder();

	final LongAdder lateReplies = new LongAdder();

	final LongAdder lost = new LongAdder();

	final LongAdder requeued = new LongAdder();

	private final Map<HandleKind, LongAdder> handles = new ConcurrentHashMap<>();

	void countHandle(HandleKind kind) {
		this.handles.computeIfAbsent(kind, (key) -> new LongAdder()).increment();
	}

	/**
	 * Return how many messages and calls were lost with the peer: it ended before they
	 * had an outcome, or gave them back when it left, and they did not go anywhere else.
	 * @return a count
	 */
	public long lostMessages() {
		return this.lost.sum();
	}

	/**
	 * Return how many messages and calls of the peer went to another peer instead.
	 * @return a count
	 */
	public long requeuedMessages() {
		return this.requeued.sum();
	}

	/**
	 * Return how many handles the peer has received.
	 * @param kind the kind of the handles
	 * @return a count
	 */
	public long handles(HandleKind kind) {
		LongAdder count = this.handles.get(kind);
		return (count != null) ? count.sum() : 0;
	}

	/**
	 * Return how many one-way messages had no listener.
	 * @return a count
	 */
	public long unhandledMessages() {
		return this.unhandled.sum();
	}

	/**
	 * Return how many outcomes arrived after the caller had stopped waiting.
	 * @return a count
	 */
	public long lateReplies() {
		return this.lateReplies.sum();
	}

}
