package io.ipcboot.actuate;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.Background;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.ListenerRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/**
 * Sends the metrics of a worker to its parent whenever the parent asks, also while
 * listeners of the application are at work.
 */
public final class WorkerMetricsListener {

	private final PrometheusRegistry registry;

	/** What the parent says better, as a spare does not know its slot at first. */
	private final Map<String, String> common;

	/**
	 * Create a listener.
	 * @param listeners the listeners of this worker, to which this one is added
	 * @param registry has the metrics
	 * @param pool the pool with which the application labels all metrics of this worker
	 * @param slot the slot with which it does so
	 */
	public WorkerMetricsListener(ListenerRegistry listeners, PrometheusRegistry registry, String pool, String slot) {
		this.registry = registry;
		this.common = Map.of(WorkerMetrics.POOL, pool, WorkerMetrics.SLOT, slot);
		listeners.addUrgent(WorkerMetrics.DESTINATION, this::onRequest);
	}

	private CompletableFuture<byte[]> onRequest(IpcMessage request) {
		// metrics of an application may take long
		return CompletableFuture.supplyAsync(
				() -> MetricFamilies.of(this.registry.scrape()).without(this.common).write(), Background.EXECUTOR);
	}

}
