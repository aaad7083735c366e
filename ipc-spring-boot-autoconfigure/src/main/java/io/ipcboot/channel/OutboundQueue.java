package io.ipcboot.channel;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Messages in the order in which they will be written. Any of them can be removed in
 * constant time, so that thousands of calls that time out at once cost no more to remove
 * than to add. Not safe for concurrent use.
 */
final class OutboundQueue {

	private @Nullable Outbound first;

	private @Nullable Outbound last;

	@Nullable Outbound peek() {
		return this.first;
	}

	void add(Outbound outbound) {
		outbound.previous = this.last;
		if (this.last != null) {
			this.last.next = outbound;
		}
		else {
			this.first = outbound;
		}
		this.last = outbound;
	}

	void remove(Outbound outbound) {
		Outbound before = outbound.previous;
		Outbound after = outbound.next;
		if (before != null) {
			before.next = after;
		}
		else {
			this.first = after;
		}
		if (after != null) {
			after.previous = before;
		}
		else {
			this.last = before;
		}
		outbound.previous = null;
		outbound.next = null;
	}

	List<Outbound> removeAll() {
		List<Outbound> all = new ArrayList<>();
		for (Outbound each = this.first; each != null; each = this.first) {
			remove(each);
			all.add(each);
		}
		return all;
	}

}
