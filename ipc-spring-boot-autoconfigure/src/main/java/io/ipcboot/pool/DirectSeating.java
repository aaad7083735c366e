package io.ipcboot.pool;

import java.util.List;
import java.util.function.Consumer;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Gives one-way messages a seat without the lock of the {@link Traffic}, as long as
 * nothing waits, so that a stream of them does not meet the reports about them there.
 * Safe for concurrent use.
 */
final class DirectSeating {

	private final Balancer balancer = new Balancer.LeastOutstanding();

	private final Balancing balancing;

	private final Consumer<Exchange> takeBack;

	private volatile List<Seat> seats = List.of();

	/**
	 * @param balancing how the pool balances; only what needs no memory needs no lock
	 * @param takeBack takes a message from its seat again
	 */
	DirectSeating(Balancing balancing, Consumer<Exchange> takeBack) {
		this.balancing = balancing;
		this.takeBack = takeBack;
	}

	/**
	 * Change which seats messages may have. Once this has returned, they have no others,
	 * and those that have one are counted there.
	 * @param newSeats the seats, none if somebody waits
	 */
	void offer(List<Seat> newSeats) {
		if (this.seats != newSeats) {
			this.seats = newSeats;
		}
	}

	/**
	 * Find a seat for a new message.
	 * @return the seat, or {@code null} if only those with the lock know
	 */
	@Nullable Seat place(Exchange exchange) {
		List<Seat> current = this.seats;
		if (current.isEmpty() || !Seat.isPlain(exchange) || !isFree(exchange)) {
			return null;
		}
		Seat seat = this.balancer.choose(current, (candidate) -> candidate.member().isWritable(), null);
		if (seat == null) {
			return null;
		}
		seat.addDirectly(exchange);
		if (this.seats != current) {
			// either we see here that the seat was closed, or who closed it sees the
			// message
			this.takeBack.accept(exchange);
			return null;
		}
		return seat;
	}

	private boolean isFree(Exchange exchange) {
		return switch (this.balancing) {
			case LEAST_OUTSTANDING -> true;
			case ROUND_ROBIN -> false;
			case BY_KEY -> exchange.key() == null;
		};
	}

}
