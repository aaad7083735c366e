package io.ipcboot.messaging;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The one-way messages that one report of a peer speaks of. Their owner is told of all at
 * once, since a report may speak of hundreds, and before whoever waits for one of them.
 * Used by the thread that reads, and after the last one.
 */
final class TakenMessages {

	private List<Exchange> taken = new ArrayList<>();

	/** The last one that somebody may have died of. */
	private @Nullable Exchange last;

	private long lastId;

	private final Peer peer;

	TakenMessages(Peer peer) {
		this.peer = peer;
	}

	void add(long id, Exchange message) {
		this.taken.add(message);
		if (message.isWatched()) {
			this.last = message;
			this.lastId = id;
		}
	}

	/** Return the message with an id, unless another one was taken after it. */
	@Nullable Exchange last(long id) {
		return (id == this.lastId) ? this.last : null;
	}

	/** The report speaks of no more. */
	void tell() {
		if (this.taken.isEmpty()) {
			return;
		}
		List<Exchange> told = this.taken;
		this.taken = new ArrayList<>();
		Exchange.released(told);
		for (Exchange message : told) {
			this.peer.complete(message, message::delivered);
		}
	}

}
