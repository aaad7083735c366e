package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The seats of a pool that take messages, and which seat has which message. A message
 * keeps its place when its seat is closed. Guarded by the lock of its {@link Traffic}.
 */
final class Seating {

	private List<Seat> open = List.of();

	/** Those of the closed seats that may still have messages. */
	private final List<Seat> closed = new ArrayList<>();

	private final Balancer balancer;

	private final PoolSettings settings;

	Seating(PoolSettings settings) {
		this.balancer = Balancer.of(settings.balancing());
		this.settings = settings;
	}

	void open(Seat seat) {
		this.open = Stream.concat(this.open.stream(), Stream.of(seat))
			.sorted(Comparator.comparingInt(Seat::slot))
			.toList();
	}

	void close(Seat seat) {
		this.open = this.open.stream().filter((other) -> other != seat).toList();
		this.closed.removeIf((other) -> other == seat || other.outstanding() == 0);
		this.closed.add(seat);
	}

	/**
	 * Return the seats that are open, in the order of their slots; another list for every
	 * change.
	 */
	List<Seat> open() {
		return this.open;
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
		return Stream.concat(this.open.stream(), this.closed.stream()).allMatch((seat) -> seat.outstanding() == 0);
	}

	/**
	 * Find a seat for a message that somebody has submitted, who may be held up: for a
	 * call one that has room, for a one-way message preferably one that keeps up.
	 */
	@Nullable Seat placeNew(Exchange exchange) {
		Seat seat = place(exchange);
		return (seat != null || exchange.isCall()) ? seat : place(exchange, (candidate) -> true);
	}

	/**
	 * Find a seat that keeps up and, for a call, has room.
	 */
	@Nullable Seat place(Exchange exchange) {
		Predicate<Seat> free = (candidate) -> candidate.member().isWritable()
				&& (!exchange.isCall() || candidate.room(exchange, this.settings) > 0);
		Seat quick = exchange.hasHandle() ? place(exchange, free.and((candidate) -> !candidate.isStalled())) : null;
		return (quick != null) ? quick : place(exchange, free);
	}

	private @Nullable Seat place(Exchange exchange, Predicate<Seat> condition) {
		Seat seat = this.balancer.choose(this.open, condition, exchange.key());
		if (seat != null) {
			seat.add(exchange);
		}
		return seat;
	}

	/** How many calls like this one there are places for. */
	long room(Exchange call) {
		return this.open.stream().mapToLong((seat) -> Math.max(0, seat.room(call, this.settings))).sum();
	}

	/**
	 * Return the seats that do not keep up, and that nobody watches yet. Those whose
	 * channel has ended will be closed, and never keep up again.
	 */
	List<Seat> congested() {
		return this.open.stream()
			.filter((seat) -> !seat.member().isWritable() && seat.member().isConnected() && seat.watch())
			.toList();
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
		Seat seat = Seat.of(exchange);
		if (seat != null) {
			seat.remove(exchange);
		}
		return seat;
	}

}
