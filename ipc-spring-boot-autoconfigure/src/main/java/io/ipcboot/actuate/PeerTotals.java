package io.ipcboot.actuate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToLongFunction;

import io.ipcboot.ChildProcess;
import io.ipcboot.handle.HandleKind;
import io.ipcboot.messaging.PeerStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * What the workers of a pool have counted so far, those that have ended included. Safe
 * for use by several threads.
 */
final class PeerTotals {

	private final Set<ChildProcess> running = new HashSet<>();

	/** A meter refers to its total only weakly. */
	private final List<Total> totals = new ArrayList<>();

	private final Tags pool;

	private final MeterRegistry registry;

	PeerTotals(String pool, MeterRegistry registry) {
		this.pool = Tags.of("pool", pool);
		this.registry = registry;
		register("ipc.messages.unhandled", "One-way messages that had no listener", Tags.empty(),
				PeerStatistics::unhandledMessages);
		register("ipc.replies.late", "Outcomes that came after the caller had stopped waiting", Tags.empty(),
				PeerStatistics::lateReplies);
		for (HandleKind kind : HandleKind.values()) {
			register("ipc.handles", "Handles that workers have received",
					Tags.of("kind", kind.name().toLowerCase(Locale.ROOT)), (statistics) -> statistics.handles(kind));
		}
	}

	private void register(String name, String description, Tags tags, ToLongFunction<PeerStatistics> count) {
		Total total = new Total(count);
		this.totals.add(total);
		FunctionCounter.builder(name, total, this::sum)
			.description(description)
			.tags(this.pool.and(tags))
			.register(this.registry);
	}

	private synchronized double sum(Total total) {
		return total.ended
				+ this.running.stream().mapToLong((process) -> total.count.applyAsLong(process.statistics())).sum();
	}

	synchronized void started(ChildProcess worker) {
		this.running.add(worker);
	}

	synchronized void ended(ChildProcess worker) {
		if (this.running.remove(worker)) {
			this.totals.forEach((total) -> total.ended += total.count.applyAsLong(worker.statistics()));
		}
	}

	private static final class Total {

		private final ToLongFunction<PeerStatistics> count;

		private long ended;

		Total(ToLongFunction<PeerStatistics> count) {
			this.count = count;
		}

	}

}
