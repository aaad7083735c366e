package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.pool.PoolSettings.RetryMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Has handles back that a member does not take, although it lives, because one of its
 * listeners holds up the others. Whoever is at the other end of a connection must not
 * wait for that as long as another member is free. Runs on the loop.
 */
final class HandleRecall {

	private static final Log logger = LogFactory.getLog(HandleRecall.class);

	private final Traffic traffic;

	private final SupervisorLoop loop;

	private final Duration patience;

	private final boolean mayRepeat;

	private final boolean byKey;

	/** Where each was seen first. */
	private Map<Exchange, Sighting> sightings = Map.of();

	HandleRecall(Traffic traffic, PoolSettings settings, SupervisorLoop loop) {
		this.traffic = traffic;
		this.loop = loop;
		this.patience = settings.heartbeat().timeout();
		this.mayRepeat = settings.retry().mode() != RetryMode.NEVER;
		this.byKey = settings.balancing() == Balancing.BY_KEY;
	}

	/**
	 * Look at what members have.
	 * @param seats their seats
	 * @param now the time
	 * @param anew whether everybody gets the time anew
	 */
	void look(List<Seat> seats, long now, boolean anew) {
		Map<Exchange, Sighting> before = anew ? Map.of() : this.sightings;
		this.sightings = new HashMap<>();
		for (Seat seat : seats) {
			List<Exchange> late = late(seat, before, now);
			if (!late.isEmpty() && seats.stream().anyMatch((other) -> other != seat && !other.isStalled())) {
				recall(seat, late, now);
			}
		}
	}

	private List<Exchange> late(Seat seat, Map<Exchange, Sighting> before, long now) {
		List<Exchange> late = new ArrayList<>();
		for (Exchange exchange : this.traffic.at(seat)) {
			if (mayGoElsewhere(exchange)) {
				Sighting sighting = sighting(seat, before.get(exchange), now);
				this.sightings.put(exchange, sighting);
				if (now - sighting.nanoTime > this.patience.toNanos()) {
					late.add(exchange);
				}
			}
		}
		return late;
	}

	/** A call has a time limit of its own. */
	private boolean mayGoElsewhere(Exchange exchange) {
		return exchange.hasHandle() && !exchange.isCall() && this.mayRepeat && !(this.byKey && exchange.key() != null);
	}

	private static Sighting sighting(Seat seat, @Nullable Sighting before, long now) {
		return (before != null && before.seat == seat) ? before : new Sighting(seat, now);
	}

	private void recall(Seat seat, List<Exchange> late, long now) {
		logger.warn("%s has not taken %s in %,d ms, so it goes elsewhere; a listener holds it up"
			.formatted(seat.member().id(), describe(late), this.patience.toMillis()));
		this.traffic.stall(seat, true);
		this.loop.schedule(() -> this.traffic.stall(seat, false), this.patience);
		for (Exchange exchange : late) {
			this.sightings.put(exchange, new Sighting(seat, now));
			exchange.recall();
		}
	}

	private static String describe(List<Exchange> late) {
		String first = "what was handed over to '%s'".formatted(late.get(0).destination());
		return (late.size() == 1) ? first : "%s and %,d more".formatted(first, late.size() - 1);
	}

	private record Sighting(Seat seat, long nanoTime) {

	}

}
