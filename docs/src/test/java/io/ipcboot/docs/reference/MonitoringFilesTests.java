package io.ipcboot.docs.reference;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.pool.LossCause;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the alert rules and the dashboard with the table of the meters.
 */
class MonitoringFilesTests {

	private static final Path DIRECTORY = Path.of("src/main/asciidoc");

	private static final Pattern METRIC = Pattern.compile("\\bipc_(?!pool\\b|slot\\b)[a-z_]+");

	private static final Pattern CAUSES = Pattern.compile("cause(?:=|=~|!~)\\\\?\"([a-z_|]+)");

	@Test
	void everyRuleIsAboutAMeterOfTheGuide() throws IOException {
		assertThat(metrics("ipc-alerts.yml")).isNotEmpty().isSubsetOf(metricsOfTheGuide());
	}

	@Test
	void everyMeterOfTheGuideIsOnTheDashboard() throws IOException {
		String json = Files.readString(DIRECTORY.resolve("ipc-dashboard.json"));
		assertThat(JsonMapper.shared().readTree(json).at("/panels")).isNotEmpty();
		Set<String> shown = metrics("ipc-dashboard.json");
		assertThat(shown).isSubsetOf(metricsOfTheGuide());
		List<String> stems = meters().keySet().stream().map((name) -> name.replace('.', '_')).toList();
		assertThat(stems).allSatisfy((stem) -> assertThat(shown).anyMatch((metric) -> metric.startsWith(stem)));
	}

	@Test
	void rulesHaveADistinctNameAndSayWhatIsWrong() throws IOException {
		Map<String, List<Map<String, List<Map<String, Object>>>>> file;
		try (InputStream in = Files.newInputStream(DIRECTORY.resolve("ipc-alerts.yml"))) {
			file = new Yaml().load(in);
		}
		List<Map<String, Object>> rules = file.get("groups").get(0).get("rules");
		assertThat(rules).extracting((rule) -> rule.get("alert")).doesNotHaveDuplicates().doesNotContainNull();
		assertThat(rules)
			.allSatisfy((rule) -> assertThat(rule.get("annotations").toString()).contains("summary=", "description="));
	}

	@Test
	void rulesNameCausesThatExist() throws IOException {
		Set<String> causes = Stream.of(LossCause.values())
			.map((cause) -> cause.name().toLowerCase(Locale.ROOT))
			.collect(Collectors.toCollection(TreeSet::new));
		causes.add("left");
		assertThat(CAUSES.matcher(Files.readString(DIRECTORY.resolve("ipc-alerts.yml")))
			.results()
			.flatMap((result) -> Stream.of(result.group(1).split("\\|")))).isNotEmpty().isSubsetOf(causes);
	}

	private static Set<String> metrics(String file) throws IOException {
		return METRIC.matcher(Files.readString(DIRECTORY.resolve(file)))
			.results()
			.map(MatchResult::group)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Map<String, String> meters() throws IOException {
		return GuidePage.read("operating.adoc").pairs("meter-table");
	}

	/** As Prometheus calls them. */
	private static Set<String> metricsOfTheGuide() throws IOException {
		Set<String> metrics = new TreeSet<>();
		meters().forEach((name, type) -> {
			String metric = name.replace('.', '_');
			metrics.addAll(switch (type) {
				case "counter" -> List.of(metric + "_total");
				case "timer" -> List.of(metric + "_seconds_sum", metric + "_seconds_count", metric + "_seconds_max");
				case "gauge, bytes" -> List.of(metric + "_bytes");
				default -> List.of(metric);
			});
		});
		return metrics;
	}

}
