package io.ipcboot.actuate;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Metrics of several processes become one answer, and lose nothing on the way.
 */
@Tag("long")
class MergedPrometheusRegistryTests {

	private static final Map<String, String> WORKER = Map.of("ipc_pool", "a", "ipc_slot", "1");

	private final PrometheusRegistry own = new PrometheusRegistry();

	private final List<MetricFamily> ofWorkers = new ArrayList<>();

	private final MergedPrometheusRegistry merged = new MergedPrometheusRegistry(this.own, () -> this.ofWorkers);

	@Test
	void everyKindOfMetricArrivesAsItWasSent() {
		Exemplar exemplar = new Exemplar(0.5, Labels.of("trace_id", "abc", "span_id", "def"), 1234);
		Labels labels = Labels.of("method", "GET", "uri", "/\"\\\n\u20ac");
		MetricSnapshots all = MetricSnapshots.of(
				new CounterSnapshot(new MetricMetadata("c_bytes", "Help", Unit.BYTES),
						List.of(new CounterSnapshot.CounterDataPointSnapshot(3, labels, exemplar, 77, 99))),
				GaugeSnapshot.builder()
					.name("g.dotted")
					.dataPoint(new GaugeSnapshot.GaugeDataPointSnapshot(Double.NaN, labels, null))
					.dataPoint(new GaugeSnapshot.GaugeDataPointSnapshot(Double.NEGATIVE_INFINITY, Labels.EMPTY, null))
					.build(),
				histogram("h", false, exemplar), histogram("gh", true, exemplar),
				SummarySnapshot.builder()
					.name("s")
					.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
						.count(5)
						.sum(7.5)
						.quantiles(Quantiles.builder().quantile(0.5, 1.25).build())
						.labels(labels)
						.build())
					.build(),
				InfoSnapshot.builder().name("i").dataPoint(new InfoSnapshot.InfoDataPointSnapshot(labels)).build(),
				StateSetSnapshot.builder()
					.name("st")
					.dataPoint(StateSetSnapshot.StateSetDataPointSnapshot.builder()
						.state("on", true)
						.state("off", false)
						.build())
					.build(),
				UnknownSnapshot.builder()
					.name("u")
					.dataPoint(new UnknownSnapshot.UnknownDataPointSnapshot(1, Labels.EMPTY, exemplar))
					.build());
		MetricFamilies sent = MetricFamilies.of(all);
		assertThat(sent.families()).extracting(MetricFamily::type)
			.containsExactlyInAnyOrder(MetricFamily.Type.values());
		MetricFamilies received = MetricFamilies.read(sent.write());
		assertThat(received).isEqualTo(sent);
		assertThat(MetricFamilies
			.of(new MetricSnapshots(received.families().stream().map(MetricFamily::toSnapshot).toList())))
			.isEqualTo(sent);
	}

	private static MetricSnapshot histogram(String name, boolean gauge, Exemplar exemplar) {
		return new HistogramSnapshot(gauge, new MetricMetadata(name),
				List.of(new HistogramSnapshot.HistogramDataPointSnapshot(
						ClassicHistogramBuckets.builder().bucket(1, 2).bucket(Double.POSITIVE_INFINITY, 4).build(), 3,
						1, 0.001, NativeHistogramBuckets.builder().bucket(-2, 2).bucket(5, 2).build(),
						NativeHistogramBuckets.builder().bucket(0, 1).build(), 12.5, Labels.of("a", "b"),
						Exemplars.of(exemplar), 4, 5)));
	}

	@Test
	void processesShareAMetric() {
		this.own.register(() -> gauge("g", 1, "x", "y"));
		fromWorker(gauge("g", 2, "x", "y"));
		assertThat(this.merged.scrape().stream()).singleElement()
			.satisfies((metric) -> assertThat(metric.getDataPoints()).extracting((point) -> point.getLabels())
				.containsExactlyInAnyOrder(Labels.of("x", "y"), Labels.of("ipc_pool", "a", "ipc_slot", "1", "x", "y")));
	}

	@Test
	void anotherTypeOfTheSameNameSpoilsNothing() {
		this.own.register(() -> gauge("g", 1));
		fromWorker(CounterSnapshot.builder()
			.name("g")
			.dataPoint(new CounterSnapshot.CounterDataPointSnapshot(2, Labels.EMPTY, null, 0))
			.build());
		fromWorker(gauge("other", 3));
		assertThat(this.merged.scrape().stream()).extracting((metric) -> metric.getMetadata().getName())
			.containsExactly("g", "other");
		assertThat(this.merged.scrape().get(0).getDataPoints()).hasSize(1);
	}

	@Test
	void aRowThatOccursTwiceSpoilsNothing() {
		fromWorker(gauge("g", 1));
		fromWorker(gauge("g", 2));
		fromWorker(gauge("other", 3));
		assertThat(this.merged.scrape().stream()).hasSize(2);
	}

	@Test
	void labelsOfAMetricThatHaveTheSameNameAreKept() {
		fromWorker(gauge("g", 1, "ipc.pool", "b"));
		assertThat((Object) this.merged.scrape().get(0).getDataPoints().get(0).getLabels())
			.isEqualTo(Labels.of("exported_ipc.pool", "b", "ipc_pool", "a", "ipc_slot", "1"));
		MetricFamilies same = MetricFamilies
			.of(MetricSnapshots.of(gauge("g", 1, "ipc_pool", "a", "ipc.slot", "spare")));
		assertThat(
				same.without(Map.of("ipc_pool", "a", "ipc_slot", "spare")).families().get(0).points().get(0).labels())
			.isEmpty();
	}

	@Test
	void aSelectionHoldsForAllProcesses() {
		this.own.register(() -> gauge("g", 1));
		fromWorker(gauge("g", 1));
		fromWorker(gauge("other", 3));
		assertThat(this.merged.scrape("g"::equals).stream()).singleElement()
			.satisfies((metric) -> assertThat(metric.getDataPoints()).hasSize(2));
	}

	@Test
	void nothingOfTheRegistryIsForgotten() {
		List<Method> methods = Stream.of(PrometheusRegistry.class.getMethods())
			.filter((method) -> method.getDeclaringClass() == PrometheusRegistry.class
					&& !Modifier.isStatic(method.getModifiers()))
			.toList();
		assertThat(methods).isNotEmpty().allSatisfy((method) -> {
			Method overriding = MergedPrometheusRegistry.class.getMethod(method.getName(), method.getParameterTypes());
			assertThat(overriding.getDeclaringClass()).as(method.toString()).isEqualTo(MergedPrometheusRegistry.class);
		});
	}

	private void fromWorker(MetricSnapshot snapshot) {
		this.ofWorkers.addAll(MetricFamilies.of(MetricSnapshots.of(snapshot)).with(new TreeMap<>(WORKER)).families());
	}

	private static MetricSnapshot gauge(String name, double value, String... labels) {
		return GaugeSnapshot.builder()
			.name(name)
			.dataPoint(new GaugeSnapshot.GaugeDataPointSnapshot(value, Labels.of(labels), null))
			.build();
	}

}
