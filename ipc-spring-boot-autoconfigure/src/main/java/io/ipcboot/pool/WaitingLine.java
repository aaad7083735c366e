package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.ListIterator;
import java.util.function.Predicate;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a seat. Those that a dead member has given back are in front, in
 * the order in which they were submitted, and do not count against the capacity. Not safe
 * for concurrent use.
 */
final class WaitingLine {

	private final LinkedList<Exchange> returned = new LinkedList<>();

	private final Deque<Exchange> submitted = new ArrayDeque<>();

	private final int capacity;

	WaitingLine(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Add a new message at the end.
	 * @param always whether to, even if there is no room
	 * @return {@code false} if there is no room
	 */
	boolean offer(Exchange exchange, boolean always) {
		if (this.submitted.size() >= this.capacity) {
			this.submitted.removeIf(Exchange::isDone);
		}
		return (always || this.submitted.size() < this.capacity) && this.submitted.add(exchange);
	}

	void giveBack(Exchange exchange) {
		// mostly the last one
		ListIterator<Exchange> place = this.returned.listIterator(this.returned.size());
		while (place.hasPrevious()) {
			if (place.previous().position() < exchange.position()) {
				place.next();
				break;
			}
		}
		place.add(exchange);
	}

	boolean remove(Exchange exchange) {
		return this.submitted.remove(exchange) || this.returned.remove(exchange);
	}

	/**
	 * Remove and return the first message that somebody takes. Those that are done are
	 * removed too.
	 * @param take whether a message finds a seat
	 * @param onlyInOrder whether only the very first one may be taken
	 * @return the message, or {@code null} if nobody takes any
	 */
	@Nullable Exchange serve(Predicate<Exchange> take, boolean onlyInOrder) {
		for (Deque<Exchange> line : List.of(this.returned, this.submitted)) {
			for (Iterator<Exchange> waiting = line.iterator(); waiting.hasNext();) {
				Exchange next = waiting.next();
				boolean taken = !next.isDone() && take.test(next);
				if (taken || next.isDone()) {
					waiting.remove();
				}
				if (taken) {
					return next;
				}
				if (!next.isDone() && onlyInOrder) {
					return null;
				}
			}
		}
		return null;
	}

	/**
	 * Whether one of those that wait is like this.
	 */
	boolean contains(Predicate<Exchange> condition) {
		return this.returned.stream().anyMatch(condition) || this.submitted.stream().anyMatch(condition);
	}

	/**
	 * Remove and return all that are like this.
	 */
	List<Exchange> removeIf(Predicate<Exchange> condition) {
		List<Exchange> removed = new ArrayList<>();
		Predicate<Exchange> take = (exchange) -> condition.test(exchange) && removed.add(exchange);
		this.returned.removeIf(take);
		this.submitted.removeIf(take);
		return removed;
	}

	List<Exchange> clear() {
		List<Exchange> all = new ArrayList<>(this.returned);
		all.addAll(this.submitted);
		this.returned.clear();
		this.submitted.clear();
		return all;
	}

	boolean isEmpty() {
		return this.returned.isEmpty() && this.submitted.isEmpty();
	}

	int size() {
		return this.returned.size() + this.submitted.size();
	}

}
