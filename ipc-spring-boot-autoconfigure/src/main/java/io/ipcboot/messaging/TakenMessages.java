package io.ipcboot.messaging;

import java.util.ArrayList;
import java.util.List;

/**
 * The one-way messages that one report of a peer speaks of. Their owner is told of all at
 * once, since a report may speak of hundreds, and before whoever waits for one of them.
 * Used by the thread that reads, and after the last one.
 */
final class TakenMessages {

	private List<Exchange> taken = new ArrayList<>();

	private final Peer peer;

	TakenMessages(Peer peer) {
		this.peer = peer;
	}

	void add(Exchange message) {
		this.taken.add(message);
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
