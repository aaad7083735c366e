package io.ipcboot.pool;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import io.ipcboot.messaging.Exchange;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Kills members that cannot be helped otherwise, and says what they were doing.
 */
final class Executioner {

	private static final Log logger = LogFactory.getLog(Executioner.class);

	private final Traffic traffic;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	Executioner(Traffic traffic, PoolSettings settings, SupervisorLoop loop) {
		this.traffic = traffic;
		this.settings = settings;
		this.loop = loop;
	}

	/**
	 * The caller of a call has given up. If the member does not within the grace, it is
	 * killed.
	 */
	void overdue(Seat seat, Exchange call) {
		if (this.settings.onTimeout() == PoolSettings.OnTimeout.RECYCLE) {
			plan(seat, call, this.settings.killGrace());
		}
	}

	private void plan(Seat seat, Exchange call, Duration grace) {
		long expected = this.loop.nanoTime() + grace.toNanos();
		this.loop.schedule(() -> {
			if (!this.traffic.isAt(seat, call)) {
				return;
			}
			if (LateAlarm.isLate(expected, this.loop.nanoTime())) {
				plan(seat, call, LateAlarm.again(grace));
				return;
			}
			kill(seat, LossCause.DEADLINE, "has not stopped the call of '%s' within %,d ms after its time was over"
				.formatted(call.destination(), this.settings.killGrace().toMillis()));
		}, grace);
	}

	/** The calls first, as only they are waited for. */
	private String describe(Seat seat) {
		List<Exchange> exchanges = this.traffic.at(seat);
		int others = this.traffic.outstanding(seat) - exchanges.size();
		Map<String, Long> counts = exchanges.stream()
			.sorted(Comparator.comparing(Exchange::isCall).reversed())
			.collect(Collectors.groupingBy(Exchange::destination, LinkedHashMap::new, Collectors.counting()));
		String served = counts.entrySet()
			.stream()
			.limit(10)
			.map((count) -> "'" + count.getKey() + "'"
					+ ((count.getValue() > 1) ? " (%,d times)".formatted(count.getValue()) : ""))
			.collect(Collectors.joining(", "));
		return (served.isEmpty() ? "nothing" : served)
				+ ((others > 0) ? "; %,d messages wait for it".formatted(others) : "");
	}

	void kill(Seat seat, LossCause cause, String problem) {
		if (!seat.condemn()) {
			return;
		}
		// its last words take a moment, in which nothing more may be lost with it
		this.traffic.close(seat);
		logger.warn("%s %s and is killed; it was serving %s".formatted(seat.member().id(), problem, describe(seat)));
		seat.member().kill(cause);
	}

}
