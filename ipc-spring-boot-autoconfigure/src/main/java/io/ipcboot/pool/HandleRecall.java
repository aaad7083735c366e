package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.UntrustedText;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.pool.PoolSettings.RetryMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Recalls handles that a living worker does not start because one of its listeners blocks
 * the others. The other end of a connection must not wait while another worker is free.
 * Used by the supervisor's loop only.
 */
final class HandleRecall {

	private static final Log logger = LogFactory.getLog(HandleRecall.class);

	private final PoolRouter router;

	private final SupervisorLoop loop;

	private final Duration patience;

	private final boolean mayRepeat;

	private final boolean byKey;

	/** The worker and the time at which each handle was first seen. */
	private Map<Exchange, Sighting> sightings = Map.of();

	HandleRecall(PoolRouter router, PoolSettings settings, SupervisorLoop loop) {
		this.router = router;
		this.loop = loop;
		this.patience = settings.heartbeat().timeout();
		this.mayRepeat = settings.retry().mode() != RetryMode.NEVER;
		this.byKey = settings.balancing() == Balancing.BY_KEY;
	}

	/**
	 * Recall the handles that workers did not start in time.
	 * @param loads the loads of the serving workers
	 * @param now the time
	 * @param anew whether all workers get their full time again
	 */
	void look(List<WorkerLoad> loads, long now, boolean anew) {
		Map<Exchange, Sighting> before = anew ? Map.of() : this.sightings;
		this.sightings = new HashMap<>();
		for (WorkerLoad load : loads) {
			List<Exchange> late = late(load, before, now);
			if (!late.isEmpty() && loads.stream().anyMatch((other) -> other != load && !other.isStalled())) {
				recall(load, late, now);
			}
		}
	}

	private List<Exchange> late(WorkerLoad load, Map<Exchange, Sighting> before, long now) {
		List<Exchange> late = new ArrayList<>();
		for (Exchange exchange : this.router.at(load)) {
			if (mayGoElsewhere(exchange)) {
				Sighting sighting = sighting(load, before.get(exchange), now);
				this.sightings.put(exchange, sighting);
				if (now - sighting.nanoTime > TimeUnit.NANOSECONDS.convert(this.patience)) {
					late.add(exchange);
				}
			}
		}
		return late;
	}

	/**
	 * Return whether another worker may have a message. A call never moves, because it
	 * has a time limit of its own.
	 */
	private boolean mayGoElsewhere(Exchange exchange) {
		return exchange.hasHandle() && !exchange.isCall() && this.mayRepeat && !(this.byKey && exchange.key() != null);
	}

	private static Sighting sighting(WorkerLoad load, @Nullable Sighting before, long now) {
		return (before != null && before.load == load) ? before : new Sighting(load, now);
	}

	private void recall(WorkerLoad load, List<Exchange> late, long now) {
		logger.warn(("%s did not start %s within %,d ms because one of its listeners is blocking the others, "
				+ "so another worker is tried")
			.formatted(load.worker().id(), describe(late), TimeUnit.MILLISECONDS.convert(this.patience)));
		this.router.stall(load, true);
		this.loop.schedule(() -> this.router.stall(load, false), this.patience);
		for (Exchange exchange : late) {
			this.sightings.put(exchange, new Sighting(load, now));
			exchange.recall();
		}
	}

	private static String describe(List<Exchange> late) {
		String first = "the handle for " + UntrustedText.name(late.get(0).destination());
		return (late.size() == 1) ? first : "%s and %,d more".formatted(first, late.size() - 1);
	}

	private record Sighting(WorkerLoad load, long nanoTime) {

	}

}
