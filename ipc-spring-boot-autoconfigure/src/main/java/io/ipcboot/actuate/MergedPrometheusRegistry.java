package io.ipcboot.actuate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The registry of the parent, whose scrapes have the metrics of the workers too. A metric
 * that several processes have is one metric with the points of all of them, as its name,
 * type and help may occur only once. A collector in the registry could not do that, and
 * one process with another type for a name would make every scrape fail.
 */
public final class MergedPrometheusRegistry extends PrometheusRegistry {

	private static final Log logger = LogFactory.getLog(MergedPrometheusRegistry.class);

	/** Names of metrics are few, but a worker may make them up. */
	private static final int MAX_REPORTED = 100;

	private final Set<String> reported = ConcurrentHashMap.newKeySet();

	private final PrometheusRegistry own;

	private final Supplier<List<MetricFamily>> workers;

	MergedPrometheusRegistry(PrometheusRegistry own, Supplier<List<MetricFamily>> workers) {
		this.own = own;
		this.workers = workers;
	}

	/**
	 * Create a registry.
	 * @param own the registry of this process
	 * @param workers returns the metrics of the workers
	 * @return a registry
	 */
	public static MergedPrometheusRegistry of(PrometheusRegistry own, Supplier<WorkerMetrics> workers) {
		return new MergedPrometheusRegistry(own, () -> workers.get().collect());
	}

	@Override
	public void register(Collector collector) {
		this.own.register(collector);
	}

	@Override
	public void register(MultiCollector collector) {
		this.own.register(collector);
	}

	@Override
	public void unregister(Collector collector) {
		this.own.unregister(collector);
	}

	@Override
	public void unregister(MultiCollector collector) {
		this.own.unregister(collector);
	}

	@Override
	public void clear() {
		this.own.clear();
	}

	@Override
	public MetricSnapshots scrape() {
		return merge(this.own.scrape(), (name) -> true);
	}

	@Override
	public MetricSnapshots scrape(@Nullable PrometheusScrapeRequest request) {
		return merge(this.own.scrape(request), (name) -> true);
	}

	@Override
	public MetricSnapshots scrape(@Nullable Predicate<String> names) {
		return merge(this.own.scrape(names), (names != null) ? names : (name) -> true);
	}

	@Override
	public MetricSnapshots scrape(@Nullable Predicate<String> names, @Nullable PrometheusScrapeRequest request) {
		return merge(this.own.scrape(names, request), (names != null) ? names : (name) -> true);
	}

	private MetricSnapshots merge(MetricSnapshots ofParent, Predicate<String> names) {
		Map<String, MetricSnapshot> merged = new LinkedHashMap<>();
		for (MetricSnapshot snapshot : ofParent) {
			merged.merge(snapshot.getMetadata().getPrometheusName(), snapshot, MergedPrometheusRegistry::join);
		}
		for (MetricFamily family : this.workers.get()) {
			try {
				MetricSnapshot snapshot = family.toSnapshot();
				if (names.test(snapshot.getMetadata().getPrometheusName())) {
					merged.merge(snapshot.getMetadata().getPrometheusName(), snapshot, MergedPrometheusRegistry::join);
				}
			}
			catch (RuntimeException ex) {
				if (this.reported.size() < MAX_REPORTED && this.reported.add(family.name())) {
					logger.warn("Leaving out the metric '" + family.name() + "' of workers: " + ex.getMessage());
				}
			}
		}
		return new MetricSnapshots(merged.values());
	}

	/**
	 * Join two metrics of the same name.
	 * @throws IllegalArgumentException if they are different, or have a point in common
	 */
	private static MetricSnapshot join(MetricSnapshot first, MetricSnapshot second) {
		MetricFamily.Type type = MetricFamily.Type.of(first);
		if (type != MetricFamily.Type.of(second)) {
			throw new IllegalArgumentException("it is a " + MetricFamily.Type.of(second) + ", but one of the same name "
					+ "in another process is a " + type);
		}
		List<DataPointSnapshot> points = new ArrayList<>(first.getDataPoints());
		points.addAll(second.getDataPoints());
		return type.snapshot(first.getMetadata(), points);
	}

}
