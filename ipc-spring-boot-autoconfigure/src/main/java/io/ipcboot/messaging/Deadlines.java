package io.ipcboot.messaging;

import java.time.Duration;

import io.ipcboot.channel.Background;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of calls that all have the same timeout. They expire in the order in which
 * they were added, so one alarm for the first deadline is enough, and the others only
 * cost an entry in a list.
 */
final class Deadlines {

	// the following are guarded by this

	private @Nullable Entry first;

	private @Nullable Entry last;

	private boolean armed;

	/**
	 * Let a call fail when its time is over.
	 * @param exchange a call with a deadline
	 * @return the entry, to be passed to {@link #remove}
	 */
	Entry add(Exchange exchange) {
		Entry entry = new Entry(exchange);
		synchronized (this) {
			entry.previous = this.last;
			if (this.last != null) {
				this.last.next = entry;
			}
			else {
				this.first = entry;
			}
			this.last = entry;
			if (this.armed) {
				return entry;
			}
			this.armed = true;
		}
		arm(exchange.patience());
		return entry;
	}

	/** Forget a call that has its outcome. */
	synchronized void remove(Entry entry) {
		if (entry.removed) {
			return;
		}
		entry.removed = true;
		if (entry.previous != null) {
			entry.previous.next = entry.next;
		}
		else {
			this.first = entry.next;
		}
		if (entry.next != null) {
			entry.next.previous = entry.previous;
		}
		else {
			this.last = entry.previous;
		}
		entry.previous = null;
		entry.next = null;
	}

	private void arm(long nanos) {
		Background.schedule(this::check, Duration.ofNanos(Math.max(0, nanos)));
	}

	private void check() {
		Entry due;
		while ((due = due()) != null) {
			// code that is attached to the outcome may take long
			Background.EXECUTOR.execute(due.exchange::timeOut);
		}
	}

	private @Nullable Entry due() {
		long remaining;
		synchronized (this) {
			Entry oldest = this.first;
			if (oldest == null) {
				this.armed = false;
				return null;
			}
			remaining = oldest.exchange.patience();
			if (remaining < 0) {
				remove(oldest);
				return oldest;
			}
		}
		arm(remaining);
		return null;
	}

	/**
	 * The entry of a call in the list.
	 */
	static final class Entry {

		private final Exchange exchange;

		private @Nullable Entry previous;

		private @Nullable Entry next;

		private boolean removed;

		private Entry(Exchange exchange) {
			this.exchange = exchange;
		}

	}

}
