package io.ipcboot.pool;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A call or a handle at a seat, in a list of all those that the seat has. Guarded by the
 * lock of its {@link Traffic}.
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

}
