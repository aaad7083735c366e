package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a pool: one-way messages, only while there is no worker at all, and calls
 * that wait for one that has room. The messages go first, so that a call still confirms
 * the messages before it. Not safe for concurrent use.
 */
final class Waiting {

	/** More would only fill the memory while there is no worker. */
	private static final int MESSAGES = 100_000;

	private final WaitingLine messages = new WaitingLine(MESSAGES);

	private final WaitingLine calls;

	private final boolean byKey;

	/**
	 * @param calls how many calls may wait
	 * @param byKey whether a call may be taken before others that wait for another worker
	 */
	Waiting(int calls, boolean byKey) {
		this.calls = new WaitingLine(calls);
		this.byKey = byKey;
	}

	private WaitingLine lineOf(Exchange exchange) {
		return exchange.isCall() ? this.calls : this.messages;
	}

	/** Whether a new message or call would overtake one that waits. */
	boolean isBehind(Exchange exchange) {
		if (!this.messages.isEmpty() || !exchange.isCall()) {
			return !this.messages.isEmpty();
		}
		return this.byKey ? this.calls.contains((waiting) -> Objects.equals(waiting.key(), exchange.key()))
				: !this.calls.isEmpty();
	}

	/**
	 * Add a new message or call.
	 * @param brief whether it waits for a moment only, so that it may be one too many
	 * @return {@code false} if there is no room
	 */
	boolean offer(Exchange exchange, boolean brief) {
		return lineOf(exchange).offer(exchange, brief);
	}

	/** Take one back that a lost worker had, before all others. */
	void giveBack(Exchange exchange) {
		lineOf(exchange).giveBack(exchange);
	}

	boolean remove(Exchange exchange) {
		return lineOf(exchange).remove(exchange);
	}

	/**
	 * Remove and return the first one that somebody takes.
	 */
	@Nullable Exchange serve(Predicate<Exchange> take) {
		Exchange message = this.messages.serve(take, true);
		return (message != null) ? message : this.calls.serve(take, !this.byKey);
	}

	/**
	 * Remove and return all that are like this.
	 */
	List<Exchange> removeIf(Predicate<Exchange> condition) {
		List<Exchange> removed = new ArrayList<>(this.messages.removeIf(condition));
		removed.addAll(this.calls.removeIf(condition));
		return removed;
	}

	List<Exchange> clear() {
		List<Exchange> all = new ArrayList<>(this.messages.clear());
		all.addAll(this.calls.clear());
		return all;
	}

	boolean isEmpty() {
		return this.messages.isEmpty() && this.calls.isEmpty();
	}

	int size() {
		return this.messages.size() + this.calls.size();
	}

}
