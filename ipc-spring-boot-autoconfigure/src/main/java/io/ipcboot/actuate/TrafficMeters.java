package io.ipcboot.actuate;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.ipcboot.pool.TrafficObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of what the messages of pools go through. All meters exist from the start, as a
 * rate cannot be told from a counter that appears with its first count.
 */
final class TrafficMeters implements TrafficObserver {

	private final Map<String, Timer> times = new HashMap<>();

	private final Map<String, Map<RefusalReason, Counter>> refusals = new HashMap<>();

	private final Map<String, Counter> droppedLines = new HashMap<>();

	TrafficMeters(Collection<String> pools, MeterRegistry registry) {
		for (String pool : pools) {
			this.times.put(pool,
					Timer.builder("ipc.pool.queue.time")
						.description("Time that messages and calls have waited for a worker")
						.tag("pool", pool)
						.register(registry));
			Map<RefusalReason, Counter> counters = new HashMap<>();
			for (RefusalReason reason : RefusalReason.values()) {
				counters.put(reason,
						Counter.builder("ipc.pool.refused")
							.description("Messages and calls that the pool has refused")
							.tag("pool", pool)
							.tag("reason", reason.name().toLowerCase(Locale.ROOT))
							.register(registry));
			}
			this.refusals.put(pool, counters);
			this.droppedLines.put(pool,
					Counter.builder("ipc.output.dropped")
						.description("Lines of workers that were not logged because of the output limit")
						.tag("pool", pool)
						.register(registry));
		}
	}

	@Override
	public void waited(String pool, Duration time) {
		Timer timer = this.times.get(pool);
		if (timer != null) {
			timer.record(time);
		}
	}

	@Override
	public void refused(String pool, RefusalReason reason) {
		Counter counter = this.refusals.getOrDefault(pool, Map.of()).get(reason);
		if (counter != null) {
			counter.increment();
		}
	}

	@Override
	public void lineDropped(String pool) {
		Counter counter = this.droppedLines.get(pool);
		if (counter != null) {
			counter.increment();
		}
	}

}
