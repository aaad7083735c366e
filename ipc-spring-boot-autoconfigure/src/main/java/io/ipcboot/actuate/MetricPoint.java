package io.ipcboot.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot.StateSetDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A point of a {@link MetricFamily}.
 *
 * @param labels names and values of its labels, by turns
 * @param value the value, or the sum of a distribution
 * @param count the number of values of a summary
 * @param steps bounds and counts of the buckets of a histogram, or quantiles of a summary
 * and their values, by turns
 * @param exponential the rest of a histogram, if it has buckets of exponential size
 * @param states names of states, those that are on with a leading {@value #ON}
 * @param exemplars examples of values
 * @param created when counting began
 * @param scraped when the value was read, if the process says so
 */
record MetricPoint(List<String> labels, double value, long count, List<Double> steps, @Nullable Exponential exponential,
		List<String> states, List<Example> exemplars, long created, long scraped) {

	private static final String ON = "+";

	private static final String OFF = "-";

	static MetricPoint of(DataPointSnapshot point) {
		if (point instanceof HistogramDataPointSnapshot histogram) {
			return of(point, histogram.getSum(), 0,
					histogram.getClassicBuckets()
						.stream()
						.flatMap((bucket) -> Stream.of(bucket.getUpperBound(), (double) bucket.getCount()))
						.toList(),
					Exponential.of(histogram), List.of(), Example.of(histogram.getExemplars()));
		}
		if (point instanceof SummaryDataPointSnapshot summary) {
			List<Double> quantiles = new ArrayList<>();
			for (Quantile quantile : summary.getQuantiles()) {
				quantiles.add(quantile.getQuantile());
				quantiles.add(quantile.getValue());
			}
			return of(point, summary.getSum(), summary.getCount(), quantiles, null, List.of(),
					Example.of(summary.getExemplars()));
		}
		if (point instanceof StateSetDataPointSnapshot states) {
			return of(point, 0, 0, List.of(), null,
					states.stream().map((state) -> (state.isTrue() ? ON : OFF) + state.getName()).toList(), List.of());
		}
		if (point instanceof CounterDataPointSnapshot counter) {
			return of(point, counter.getValue(), counter.getExemplar());
		}
		if (point instanceof GaugeDataPointSnapshot gauge) {
			return of(point, gauge.getValue(), gauge.getExemplar());
		}
		return (point instanceof UnknownDataPointSnapshot unknown)
				? of(point, unknown.getValue(), unknown.getExemplar()) : of(point, 0, null);
	}

	private static MetricPoint of(DataPointSnapshot point, double value, @Nullable Exemplar exemplar) {
		return of(point, value, 0, List.of(), null, List.of(),
				(exemplar != null) ? List.of(Example.of(exemplar)) : List.of());
	}

	private static MetricPoint of(DataPointSnapshot point, double value, long count, List<Double> steps,
			@Nullable Exponential exponential, List<String> states, List<Example> exemplars) {
		return new MetricPoint(list(point.getLabels()), value, count, steps, exponential, states, exemplars,
				point.getCreatedTimestampMillis(), point.getScrapeTimestampMillis());
	}

	private static List<String> list(Labels labels) {
		return IntStream.range(0, labels.size())
			.boxed()
			.flatMap((i) -> Stream.of(labels.getName(i), labels.getValue(i)))
			.toList();
	}

	private static Labels toLabels(List<String> list) {
		return Labels.of(list.toArray(String[]::new));
	}

	/** Return the same point with other labels. */
	MetricPoint withLabels(List<String> newLabels) {
		return new MetricPoint(newLabels, this.value, this.count, this.steps, this.exponential, this.states,
				this.exemplars, this.created, this.scraped);
	}

	DataPointSnapshot toDataPoint(MetricFamily.Type type) {
		Labels own = toLabels(this.labels);
		return switch (type) {
			case COUNTER -> new CounterDataPointSnapshot(this.value, own, firstExemplar(), this.created, this.scraped);
			case GAUGE -> new GaugeDataPointSnapshot(this.value, own, firstExemplar(), this.scraped);
			case UNKNOWN -> new UnknownDataPointSnapshot(this.value, own, firstExemplar(), this.scraped);
			case INFO -> new InfoDataPointSnapshot(own, this.scraped);
			case HISTOGRAM, GAUGE_HISTOGRAM -> histogram(own);
			case SUMMARY -> {
				Quantiles.Builder quantiles = Quantiles.builder();
				for (int i = 0; i < this.steps.size(); i += 2) {
					quantiles.quantile(this.steps.get(i), this.steps.get(i + 1));
				}
				yield new SummaryDataPointSnapshot(this.count, this.value, quantiles.build(), own, allExemplars(),
						this.created, this.scraped);
			}
			case STATE_SET -> {
				StateSetDataPointSnapshot.Builder set = StateSetDataPointSnapshot.builder();
				this.states.forEach((state) -> set.state(state.substring(1), state.startsWith(ON)));
				yield set.labels(own).scrapeTimestampMillis(this.scraped).build();
			}
		};
	}

	private HistogramDataPointSnapshot histogram(Labels own) {
		ClassicHistogramBuckets buckets = ClassicHistogramBuckets.EMPTY;
		if (!this.steps.isEmpty()) {
			ClassicHistogramBuckets.Builder builder = ClassicHistogramBuckets.builder();
			for (int i = 0; i < this.steps.size(); i += 2) {
				builder.bucket(this.steps.get(i), this.steps.get(i + 1).longValue());
			}
			buckets = builder.build();
		}
		Exponential rest = this.exponential;
		return (rest != null)
				? new HistogramDataPointSnapshot(buckets, rest.schema, rest.zeros, rest.zeroThreshold,
						rest.positive.toNative(), rest.negative.toNative(), this.value, own, allExemplars(),
						this.created, this.scraped)
				: new HistogramDataPointSnapshot(buckets, HistogramSnapshot.CLASSIC_HISTOGRAM, 0, 0,
						NativeHistogramBuckets.EMPTY, NativeHistogramBuckets.EMPTY, this.value, own, allExemplars(),
						this.created, this.scraped);
	}

	private @Nullable Exemplar firstExemplar() {
		return this.exemplars.isEmpty() ? null : this.exemplars.get(0).toExemplar();
	}

	private Exemplars allExemplars() {
		return Exemplars.of(this.exemplars.stream().map(Example::toExemplar).toList());
	}

	/**
	 * An example of a value.
	 *
	 * @param value the value
	 * @param labels where it comes from, as names and values by turns
	 * @param time when it was measured
	 */
	record Example(double value, List<String> labels, long time) {

		static Example of(Exemplar exemplar) {
			return new Example(exemplar.getValue(), list(exemplar.getLabels()), exemplar.getTimestampMillis());
		}

		static List<Example> of(Exemplars exemplars) {
			List<Example> all = new ArrayList<>();
			exemplars.forEach((exemplar) -> all.add(of(exemplar)));
			return all;
		}

		Exemplar toExemplar() {
			return new Exemplar(this.value, MetricPoint.toLabels(this.labels), this.time);
		}

	}

	/**
	 * The part of a histogram that has buckets of exponential size.
	 *
	 * @param schema determines the size of the buckets
	 * @param zeros how many values are zero
	 * @param zeroThreshold up to which size values are zero
	 * @param positive the buckets of positive values
	 * @param negative the buckets of negative values
	 */
	record Exponential(int schema, long zeros, double zeroThreshold, Buckets positive, Buckets negative) {

		static @Nullable Exponential of(HistogramDataPointSnapshot point) {
			return point.hasNativeHistogramData() ? new Exponential(point.getNativeSchema(), point.getNativeZeroCount(),
					point.getNativeZeroThreshold(), Buckets.of(point.getNativeBucketsForPositiveValues()),
					Buckets.of(point.getNativeBucketsForNegativeValues())) : null;
		}

		/**
		 * Buckets.
		 *
		 * @param indexes their positions
		 * @param counts how many values they have
		 */
		record Buckets(List<Integer> indexes, List<Long> counts) {

			static Buckets of(NativeHistogramBuckets buckets) {
				return new Buckets(IntStream.range(0, buckets.size()).mapToObj(buckets::getBucketIndex).toList(),
						IntStream.range(0, buckets.size()).mapToObj(buckets::getCount).toList());
			}

			NativeHistogramBuckets toNative() {
				return NativeHistogramBuckets.of(this.indexes, this.counts);
			}

		}

	}

}
