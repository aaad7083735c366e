package io.ipcboot.actuate;

import java.util.function.ToDoubleFunction;

import io.ipcboot.ParentProcess;
import io.ipcboot.messaging.PeerStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of what a worker has received from its parent.
 */
public final class ParentMetrics implements MeterBinder {

	private final ParentProcess parent;

	/**
	 * Create the meters.
	 * @param parent the parent of this worker
	 */
	public ParentMetrics(ParentProcess parent) {
		this.parent = parent;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		register("ipc.messages.unhandled", "One-way messages that had no listener", PeerStatistics::unhandledMessages,
				registry);
		register("ipc.replies.late", "Outcomes that came after the caller had stopped waiting",
				PeerStatistics::lateReplies, registry);
	}

	private void register(String name, String description, ToDoubleFunction<PeerStatistics> count,
			MeterRegistry registry) {
		String pool = this.parent.hello().pool();
		FunctionCounter.builder(name, this.parent.statistics(), count)
			.description(description)
			.tag("pool", (pool != null) ? pool : "none")
			.register(registry);
	}

}
