package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

import io.ipcboot.messaging.Exchange;

/**
 * Messages that wait for a seat. Those that a dead member has given back are in front, in
 * their order, and do not count against the capacity. Not safe for concurrent use.
 */
final class WaitingLine {

	private final Deque<Exchange> returned = new ArrayDeque<>();

	private final Deque<Exchange> submitted = new ArrayDeque<>();

	private final int capacity;

	WaitingLine(int capacity) {
		this.capacity = capacity;
	}

	/**
	 * Add a new message at the end.
	 * @return {@code false} if there is no room
	 */
	boolean offer(Exchange exchange) {
		return this.submitted.size() < this.capacity && this.submitted.add(exchange);
	}

	void giveBack(Exchange exchange) {
		this.returned.add(exchange);
	}

	boolean remove(Exchange exchange) {
		return this.submitted.remove(exchange) || this.returned.remove(exchange);
	}

	/**
	 * Offer the messages in order and remove those that are taken or done.
	 * @param take whether a message finds a seat
	 * @param onlyInOrder whether the first one that finds none ends it
	 */
	void serve(Predicate<Exchange> take, boolean onlyInOrder) {
		if (serve(this.returned, take, onlyInOrder)) {
			serve(this.submitted, take, onlyInOrder);
		}
	}

	private static boolean serve(Deque<Exchange> line, Predicate<Exchange> take, boolean onlyInOrder) {
		for (Iterator<Exchange> waiting = line.iterator(); waiting.hasNext();) {
			Exchange next = waiting.next();
			if (next.isDone() || take.test(next)) {
				waiting.remove();
			}
			else if (onlyInOrder) {
				return false;
			}
		}
		return true;
	}

	List<Exchange> clear() {
		List<Exchange> all = new ArrayList<>(this.returned);
		all.addAll(this.submitted);
		this.returned.clear();
		this.submitted.clear();
		return all;
	}

	int size() {
		return this.returned.size() + this.submitted.size();
	}

}
