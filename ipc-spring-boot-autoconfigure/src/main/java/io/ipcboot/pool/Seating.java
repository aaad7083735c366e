package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The seats of a pool that take messages, and which seat has which message. A message
 * keeps its place when its seat is closed. Guarded by the lock of its {@link Traffic}.
 */
final class Seating {

	private final List<Seat> open = new ArrayList<>();

	private final Map<Exchange, Seat> places = new IdentityHashMap<>();

	private final Balancer balancer;

	private final PoolSettings settings;

	Seating(PoolSettings settings) {
		this.balancer = Balancer.of(settings.balancing());
		this.settings = settings;
	}

	void open(Seat seat) {
		this.open.add(seat);
		this.open.sort(Comparator.comparingInt(Seat::slot));
	}

	void close(Seat seat) {
		this.open.remove(seat);
	}

	/** How many seats are open. */
	int size() {
		return this.open.size();
	}

	/** Whether a one-way message would be sent at once. */
	boolean isWritable() {
		return this.open.stream().anyMatch((seat) -> seat.member().isWritable());
	}

	/** Whether no seat has a message. */
	boolean isIdle() {
		return this.places.isEmpty();
	}

	/**
	 * Find a seat: for a call one that has room, for a one-way message preferably one
	 * that keeps up.
	 */
	@Nullable Seat place(Exchange exchange) {
		Seat seat;
		if (exchange.isCall()) {
			seat = this.balancer.choose(this.open, (candidate) -> candidate.hasRoom(exchange, this.settings),
					exchange.key());
		}
		else {
			seat = this.balancer.choose(this.open, (candidate) -> candidate.member().isWritable(), exchange.key());
			seat = (seat != null) ? seat : this.balancer.choose(this.open, (candidate) -> true, exchange.key());
		}
		if (seat != null) {
			seat.add(exchange);
			this.places.put(exchange, seat);
		}
		return seat;
	}

	/** Whether there would be a place for a message. */
	boolean hasRoom(Exchange exchange) {
		return this.open.stream().anyMatch((seat) -> !exchange.isCall() || seat.hasRoom(exchange, this.settings));
	}

	/**
	 * Return which seat has a message.
	 */
	@Nullable Seat seatOf(Exchange exchange) {
		return this.places.get(exchange);
	}

	/**
	 * The work for a message is done.
	 * @return the seat that had it, or {@code null}
	 */
	@Nullable Seat finish(Exchange exchange) {
		Seat seat = leave(exchange);
		if (seat != null) {
			seat.countServed();
		}
		return seat;
	}

	/**
	 * A message needs no place any more.
	 * @return the seat that had it, or {@code null}
	 */
	@Nullable Seat leave(Exchange exchange) {
		Seat seat = this.places.remove(exchange);
		if (seat != null) {
			seat.remove(exchange);
		}
		return seat;
	}

}
