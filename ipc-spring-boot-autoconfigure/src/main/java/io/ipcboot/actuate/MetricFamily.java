package io.ipcboot.actuate;

import java.util.List;
import java.util.function.Function;

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

		COUNTER {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new CounterSnapshot(metadata, cast(points, CounterDataPointSnapshot.class::cast));
			}

		},

		GAUGE {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new GaugeSnapshot(metadata, cast(points, GaugeDataPointSnapshot.class::cast));
			}

		},

		HISTOGRAM {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new HistogramSnapshot(metadata, cast(points, HistogramDataPointSnapshot.class::cast));
			}

		},

		GAUGE_HISTOGRAM {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new HistogramSnapshot(true, metadata, cast(points, HistogramDataPointSnapshot.class::cast));
			}

		},

		SUMMARY {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new SummarySnapshot(metadata, cast(points, SummaryDataPointSnapshot.class::cast));
			}

		},

		INFO {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new InfoSnapshot(metadata, cast(points, InfoDataPointSnapshot.class::cast));
			}

		},

		STATE_SET {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new StateSetSnapshot(metadata, cast(points, StateSetDataPointSnapshot.class::cast));
			}

		},

		UNKNOWN {

			@Override
			MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points) {
				return new UnknownSnapshot(metadata, cast(points, UnknownDataPointSnapshot.class::cast));
			}

		};

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
		abstract MetricSnapshot snapshot(MetricMetadata metadata, List<? extends DataPointSnapshot> points);

		private static <T> List<T> cast(List<? extends DataPointSnapshot> points, Function<DataPointSnapshot, T> type) {
			return points.stream().map(type).toList();
		}

	}

}
