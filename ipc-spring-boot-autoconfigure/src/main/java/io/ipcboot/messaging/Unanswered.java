package io.ipcboot.messaging;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;

/**
 * What a peer was sent and has to answer: calls, and handles until a listener has them.
 * Safe for concurrent use.
 */
final class Unanswered {

	private final Map<Long, Attempt> attempts = new ConcurrentHashMap<>();

	private final Peer peer;

	Unanswered(Peer peer) {
		this.peer = peer;
	}

	void add(long id, Attempt attempt) {
		this.attempts.put(id, attempt);
	}

	void forget(long id) {
		this.attempts.remove(id);
	}

	boolean isEmpty() {
		return this.attempts.isEmpty();
	}

	/** Whether somebody waits for one of the answers. */
	boolean isAnyAwaited() {
		return this.attempts.values().stream().anyMatch((attempt) -> !attempt.exchange().isDone());
	}

	/** The peer is gone and will answer nothing. */
	void lose(IpcException cause) {
		for (Attempt attempt : this.attempts.values()) {
			attempt.lost(true, cause);
		}
	}

	/** An answer has arrived. */
	void answered(Frame frame) {
		Attempt attempt = this.attempts.remove(frame.id());
		if (attempt == null) {
			this.peer.statistics().lateReplies.increment();
			return;
		}
		attempt.answered();
		try {
			attempt.exchange().released();
		}
		finally {
			conclude(attempt.exchange(), frame);
		}
	}

	private void conclude(Exchange exchange, Frame frame) {
		if (exchange.isDone()) {
			this.peer.statistics().lateReplies.increment();
		}
		else if (frame.type() == FrameType.REPLY) {
			this.peer.complete(exchange, () -> exchange.replied(frame.content(), frame.payload()));
		}
		else {
			this.peer.complete(exchange, () -> exchange.failed(RemoteFailure.from(frame), this.peer.id()));
		}
	}

}
