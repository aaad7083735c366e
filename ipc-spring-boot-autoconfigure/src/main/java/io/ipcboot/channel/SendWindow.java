package io.ipcboot.channel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Messages that were written and that the peer's dispatcher has not started yet. Their
 * number is bounded, which bounds the memory of both sides. Not safe for concurrent use.
 */
final class SendWindow {

	private final Deque<Outbound> unstarted = new ArrayDeque<>();

	private long bytes;

	private int handles;

	boolean permits(Outbound outbound) {
		return this.bytes < ChannelOptions.WINDOW
				&& (outbound.frame().handle() == null || this.handles < ChannelOptions.HANDLE_WINDOW);
	}

	boolean isEmpty() {
		return this.unstarted.isEmpty();
	}

	void add(Outbound outbound) {
		this.unstarted.add(outbound);
		account(outbound, 1);
	}

	/**
	 * Remove and return all messages up to the given id.
	 */
	List<Outbound> started(long upTo) {
		Outbound oldest = this.unstarted.peek();
		if (oldest == null || oldest.id() > upTo) {
			return List.of();
		}
		List<Outbound> started = new ArrayList<>();
		while (oldest != null && oldest.id() <= upTo) {
			started.add(this.unstarted.remove());
			account(oldest, -1);
			oldest = this.unstarted.peek();
		}
		return started;
	}

	/**
	 * Return whether a message with the given id is here that was not recalled.
	 */
	boolean isUnexpectedBack(long id) {
		return this.unstarted.stream().anyMatch((outbound) -> outbound.id() == id && !outbound.isRecalled());
	}

	/**
	 * Remove and return the message with the given id.
	 */
	@Nullable Outbound remove(long id) {
		for (Iterator<Outbound> all = this.unstarted.iterator(); all.hasNext();) {
			Outbound outbound = all.next();
			if (outbound.id() == id) {
				all.remove();
				account(outbound, -1);
				return outbound;
			}
		}
		return null;
	}

	private void account(Outbound outbound, int sign) {
		this.bytes += (long) sign * outbound.size();
		if (outbound.frame().handle() != null) {
			this.handles += sign;
		}
	}

}
