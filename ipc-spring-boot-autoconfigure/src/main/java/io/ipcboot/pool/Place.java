package io.ipcboot.pool;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A message at a seat, in a list of all those that the seat has. Attached to the message,
 * so that nothing has to be looked up to find it. Guarded by the lock of its
 * {@link Traffic}.
 */
final class Place {

	final Exchange exchange;

	final Seat seat;

	@Nullable Place previous;

	@Nullable Place next;

	Place(Exchange exchange, Seat seat) {
		this.exchange = exchange;
		this.seat = seat;
	}

	/** Return the place of a message, or {@code null} if it has none. */
	static @Nullable Place of(Exchange exchange) {
		return (Place) exchange.attachment();
	}

}
