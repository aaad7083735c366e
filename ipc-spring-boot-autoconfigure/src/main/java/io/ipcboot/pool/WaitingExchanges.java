package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.Deque;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Messages and calls that wait for a worker. Those that a lost worker had not started
 * come first, as they are older.
 */
final class WaitingExchanges {

	/** More would only fill the memory while there is no worker at all. */
	static final int LIMIT = 100_000;

	private final Deque<Exchange> returned = new ArrayDeque<>();

	private final Deque<Exchange> submitted = new ArrayDeque<>();

	private volatile boolean empty = true;

	boolean isEmpty() {
		return this.empty;
	}

	/**
	 * Add a new message.
	 * @return {@code false} if too many wait already
	 */
	synchronized boolean add(Exchange exchange) {
		if (this.submitted.size() >= LIMIT) {
			this.submitted.removeIf(Exchange::isDone);
		}
		if (this.submitted.size() >= LIMIT) {
			return false;
		}
		this.submitted.add(exchange);
		this.empty = false;
		return true;
	}

	/**
	 * Add a message that was admitted before, so that it is never refused.
	 */
	synchronized void addReturned(Exchange exchange) {
		this.returned.add(exchange);
		this.empty = false;
	}

	synchronized @Nullable Exchange peek() {
		Exchange oldest = this.returned.peek();
		return (oldest != null) ? oldest : this.submitted.peek();
	}

	/**
	 * Remove a message that {@link #peek()} has returned.
	 */
	synchronized void remove(Exchange exchange) {
		if (!this.returned.removeFirstOccurrence(exchange)) {
			this.submitted.removeFirstOccurrence(exchange);
		}
		this.empty = this.returned.isEmpty() && this.submitted.isEmpty();
	}

}
