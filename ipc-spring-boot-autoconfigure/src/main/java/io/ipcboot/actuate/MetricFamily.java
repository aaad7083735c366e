package io.ipcboot.actuate;

import java.util.List;
import java.util.function.BiFunction;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot.StateSetDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * All that a process says about one metric, in a form that travels as JSON.
 *
 * @param name the name
 * @param type what its points are
 * @param help what it is, in words
 * @param unit its unit
 * @param points the points
 */
record MetricFamily(String name, Type type, @Nullable String help, @Nullable String unit, List<MetricPoint> points) {

	static MetricFamily of(MetricSnapshot snapshot) {
		MetricMetadata metadata = snapshot.getMetadata();
		return new MetricFamily(metadata.getName(), Type.of(snapshot), metadata.getHelp(),
				(metadata.getUnit() != null) ? metadata.getUnit().toString() : null,
				snapshot.getDataPoints().stream().map(MetricPoint::of).toList());
	}

	/**
	 * Return the metric as its process has described it.
	 * @throws RuntimeException if what the process says makes no sense
	 */
	MetricSnapshot toSnapshot() {
		MetricMetadata metadata = new MetricMetadata(this.name, this.help,
				(this.unit != null) ? new Unit(this.unit) : null);
		return this.type.snapshot(metadata, this.points.stream().map((point) -> point.toDataPoint(this.type)).toList());
	}

	/**
	 * Types of metrics.
	 */
	enum Type {

		COUNTER(CounterDataPointSnapshot.class, CounterSnapshot::new),

		GAUGE(GaugeDataPointSnapshot.class, GaugeSnapshot::new),

		HISTOGRAM(HistogramDataPointSnapshot.class, HistogramSnapshot::new),

		GAUGE_HISTOGRAM(HistogramDataPointSnapshot.class,
				(metadata, points) -> new HistogramSnapshot(true, metadata, points)),

		SUMMARY(SummaryDataPointSnapshot.class, SummarySnapshot::new),

		INFO(InfoDataPointSnapshot.class, InfoSnapshot::new),

		STATE_SET(StateSetDataPointSnapshot.class, StateSetSnapshot::new),

		UNKNOWN(UnknownDataPointSnapshot.class, UnknownSnapshot::new);

		private final BiFunction<MetricMetadata, List<? extends DataPointSnapshot>, MetricSnapshot> constructor;

		<P extends DataPointSnapshot> Type(Class<P> type,
				BiFunction<MetricMetadata, List<P>, MetricSnapshot> constructor) {
			this.constructor = (metadata, points) -> constructor.apply(metadata,
					points.stream().<P>map(type::cast).toList());
		}

		static Type of(MetricSnapshot snapshot) {
			if (snapshot instanceof HistogramSnapshot histogram) {
				return histogram.isGaugeHistogram() ? GAUGE_HISTOGRAM : HISTOGRAM;
			}
			return (snapshot instanceof CounterSnapshot) ? COUNTER
					: (snapshot instanceof GaugeSnapshot) ? GAUGE
							: (snapshot instanceof SummarySnapshot) ? SUMMARY : (snapshot instanceof InfoSnapshot)
									? INFO : (snapshot instanceof StateSetSnapshot) ? STATE_SET : UNKNOWN;
		}

		/** Create a metric of this type, whose points are of this type too. */
		MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
			return this.constructor.apply(metadata, points);
		}

	}

}
