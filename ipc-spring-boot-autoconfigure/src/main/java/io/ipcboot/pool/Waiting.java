package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.pool.WaitingLine.Lane;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a pool: one-way messages, only while no worker is there or reads, and
 * calls that wait for a worker that has room. The messages go first, so that a call still
 * confirms the messages before it. Not safe for concurrent use.
 */
final class Waiting {

	/** More would only fill the memory while there is no worker. */
	private static final int MESSAGES = 100_000;

	private static final long MESSAGE_BYTES = 64L * 1024 * 1024;

	private final WaitingLine messages;

	private final WaitingLine calls;

	private final Consumer<Exchange> left;

	/**
	 * @param settings how many calls may wait, and whether the key says for whom
	 * @param left told of each that does not wait any more
	 */
	Waiting(PoolSettings settings, Consumer<Exchange> left) {
		this.left = left;
		boolean byKey = settings.balancing() == Balancing.BY_KEY;
		this.messages = new WaitingLine(MESSAGES, MESSAGE_BYTES,
				(message) -> new Lane(null, byKey ? message.key() : null));
		// a listener may have a limit of its own
		this.calls = new WaitingLine(settings.queueCapacity(), Long.MAX_VALUE,
				(call) -> new Lane(call.destination(), byKey ? call.key() : null));
	}

	private WaitingLine lineOf(Exchange exchange) {
		return exchange.isCall() ? this.calls : this.messages;
	}

	/** Whether a new message or call would overtake one that waits. */
	boolean isBehind(Exchange exchange) {
		return this.messages.isBehind(exchange) || (exchange.isCall() && this.calls.isBehind(exchange));
	}

	/**
	 * Add a new message or call.
	 * @param places how many like it workers have room for, so that it waits for a moment
	 * only
	 * @return {@code false} if there is no room
	 */
	boolean offer(Exchange exchange, long places) {
		return lineOf(exchange).offer(exchange, places);
	}

	/** Take one back that a lost worker had, even if there is no room. */
	void giveBack(Exchange exchange) {
		lineOf(exchange).add(exchange);
	}

	boolean remove(Exchange exchange) {
		this.left.accept(exchange);
		return lineOf(exchange).remove(exchange);
	}

	/**
	 * Remove and return the first one that somebody takes.
	 */
	@Nullable Exchange serve(Predicate<Exchange> take) {
		Exchange message = this.messages.serve(take);
		Exchange served = (message != null) ? message
				: this.calls.serve((call) -> !this.messages.isBehind(call) && take.test(call));
		if (served != null) {
			this.left.accept(served);
		}
		return served;
	}

	List<Exchange> all() {
		List<Exchange> all = this.messages.all();
		all.addAll(this.calls.all());
		return all;
	}

	List<Exchange> clear() {
		List<Exchange> all = new ArrayList<>(this.messages.clear());
		all.addAll(this.calls.clear());
		all.forEach(this.left);
		return all;
	}

	/** How many bytes the one-way messages have. */
	long messageBytes() {
		return this.messages.bytes();
	}

	boolean isEmpty() {
		return this.messages.isEmpty() && this.calls.isEmpty();
	}

	int size() {
		return this.messages.size() + this.calls.size();
	}

}
