package io.ipcboot.actuate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The metrics of a process.
 *
 * @param families the metrics
 */
record MetricFamilies(List<MetricFamily> families) {

	/** What a process cannot label as it likes is called what Prometheus calls it. */
	private static final String EXPORTED = "exported_";

	/** Far more than any process has; each may become an object. */
	private static final int MAX_TOKENS = 2_000_000;

	/** Of the library, as what the application does with its JSON must not matter. */
	private static final JsonMapper MAPPER = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(
					StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).maxNestingDepth(20).build())
			.build())
		.build();

	static MetricFamilies of(MetricSnapshots snapshots) {
		return new MetricFamilies(snapshots.stream().map(MetricFamily::of).toList());
	}

	static MetricFamilies read(byte[] json) {
		return MAPPER.readValue(json, MetricFamilies.class);
	}

	byte[] write() {
		return MAPPER.writeValueAsBytes(this);
	}

	/**
	 * Remove labels that have certain values.
	 * @param labels the labels and their values
	 */
	MetricFamilies without(Map<String, String> labels) {
		return mapLabels((own) -> {
			List<String> kept = new ArrayList<>(own.size());
			for (int i = 0; i < own.size(); i += 2) {
				if (!own.get(i + 1).equals(labels.get(underscored(own.get(i))))) {
					kept.addAll(own.subList(i, i + 2));
				}
			}
			return kept;
		});
	}

	/**
	 * Add labels. Labels of the same name get another name.
	 * @param labels the labels and their values
	 */
	MetricFamilies with(Map<String, String> labels) {
		return mapLabels((own) -> {
			List<String> all = new ArrayList<>(own.size() + 2 * labels.size());
			for (int i = 0; i < own.size(); i += 2) {
				String name = own.get(i);
				all.add(labels.containsKey(underscored(name)) ? EXPORTED + name : name);
				all.add(own.get(i + 1));
			}
			labels.forEach((name, value) -> all.addAll(List.of(name, value)));
			return all;
		});
	}

	private static String underscored(String label) {
		return label.replace('.', '_');
	}

	private MetricFamilies mapLabels(UnaryOperator<List<String>> change) {
		return new MetricFamilies(this.families.stream()
			.map((family) -> new MetricFamily(family.name(), family.type(), family.help(), family.unit(),
					family.points().stream().map((point) -> point.withLabels(change.apply(point.labels()))).toList()))
			.toList());
	}

}
