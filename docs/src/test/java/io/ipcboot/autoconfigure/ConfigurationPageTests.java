package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.ipcboot.docs.reference.GuidePage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the tables of the pages "Configuration", "Forking" and "Operating" with the
 * code.
 */
class ConfigurationPageTests {

	private static final String NONE = "";

	private final GuidePage configuration = GuidePage.read("configuration.adoc");

	ConfigurationPageTests() throws IOException {
	}

	@Test
	void thePropertiesAreThoseOfTheMetadata() throws IOException {
		assertThat(this.configuration.pairs("property-table")).containsExactlyInAnyOrderEntriesOf(properties("ipc."));
	}

	@Test
	void thePropertiesOfTheEndpointAreThoseOfTheMetadata() throws IOException {
		assertThat(GuidePage.read("operating.adoc").pairs("endpoint-properties"))
			.containsExactlyInAnyOrderEntriesOf(properties("management."));
	}

	private static Map<String, String> properties(String prefix) throws IOException {
		Map<String, String> properties = new TreeMap<>();
		try (InputStream metadata = IpcProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			for (JsonNode property : JsonMapper.shared().readTree(metadata).get("properties")) {
				String name = property.get("name").asString();
				if (name.startsWith(prefix) && !name.equals("ipc.pools")) {
					JsonNode value = property.get("defaultValue");
					properties.put(name, (value != null) ? value.asString() : NONE);
				}
			}
		}
		return properties;
	}

	@Test
	void thePropertiesOfAPoolAreComplete() {
		Map<String, String> properties = new LinkedHashMap<>();
		collect("", PoolProperties.class, properties);
		assertThat(this.configuration.pairs("pool-properties")).containsExactlyInAnyOrderEntriesOf(properties);
	}

	private static void collect(String prefix, Class<?> type, Map<String, String> properties) {
		for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
			Name given = parameter.getAnnotation(Name.class);
			String name = prefix + ((given != null) ? given.value()
					: parameter.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
			if (parameter.getType().isRecord() && parameter.getType().getEnclosingClass() == PoolProperties.class) {
				collect(name + ".", parameter.getType(), properties);
			}
			else {
				DefaultValue value = parameter.getAnnotation(DefaultValue.class);
				properties.put(name, (value != null) ? String.join(",", value.value()) : NONE);
			}
		}
	}

	@Test
	void theSettingsOfAWorkerAreComplete() throws IOException {
		assertThat(GuidePage.read("forking.adoc").pairs("worker-settings"))
			.containsExactlyInAnyOrderEntriesOf(WorkerSettings.FIXED);
	}

	@Test
	void theCorrectionsInAWorkerAreComplete() throws IOException {
		Map<String, List<String>> corrections = new LinkedHashMap<>();
		for (List<String> row : GuidePage.read("forking.adoc").table("worker-corrections")) {
			corrections.put(row.get(0), row.subList(1, 3));
		}
		assertThat(corrections.keySet()).isEqualTo(WorkerSettings.CORRECTED.keySet());
		corrections
			.forEach((name, values) -> assertThat(WorkerSettings.CORRECTED.get(name).apply(values.get(0))).as(name)
				.isEqualTo(values.get(1)));
	}

	@Test
	void theRisksAreComplete() throws IOException {
		assertThat(GuidePage.read("existing-applications.adoc").pairs("risk-table").keySet())
			.containsExactlyInAnyOrderElementsOf(Stream.of(Risk.values()).map(Risk::id).toList());
	}

	@Test
	void theExampleBinds() {
		runner("snippets/configuration").withUserConfiguration(Properties.class).run((context) -> {
			IpcProperties properties = context.getBean(IpcProperties.class);
			assertThat(properties.callTimeout()).isEqualTo(Duration.ofSeconds(10));
			assertThat(properties.maxFrameSize()).isEqualTo(DataSize.ofMegabytes(32));
			PoolProperties reports = properties.pools().get("reports");
			assertThat(CommandLine.parse(reports.jvmArgs().get(0))).containsExactly("-XX:+UseParallelGC",
					"-Xlog:gc:file=/var/log/gc-reports.log");
			assertThat(reports.properties()).containsEntry("spring.datasource.hikari.maximum-pool-size", "2");
			assertThat(reports.environment()).containsEntry("TZ", "Europe/Berlin");
			assertThat(reports.acceptHandles()).isTrue();
		});
	}

	@Test
	void theConfigurationForDebuggingBinds() {
		runner("snippets/debugging").withUserConfiguration(Properties.class)
			.withPropertyValues("spring.profiles.active=debug")
			.run((context) -> {
				IpcProperties properties = context.getBean(IpcProperties.class);
				assertThat(properties.callTimeout()).isZero();
				assertThat(properties.readyTimeout()).isZero();
				PoolProperties pool = properties.pools().get("default");
				assertThat(pool.jvmArgs()).singleElement().asString().contains("server=y,suspend=n,");
				assertThat(pool.heartbeat().interval()).isZero();
				assertThat(pool.onTimeout()).hasToString("CANCEL");
			});
	}

	@Test
	void theWorkersFileWins() {
		runner("snippets/forking").withPropertyValues("spring.profiles.active=worker").run((context) -> {
			Environment environment = context.getEnvironment();
			assertThat(environment.getProperty("ipc.worker.scheduling")).isEqualTo("true");
			assertThat(environment.getProperty("spring.quartz.auto-startup")).isEqualTo("true");
		});
	}

	private static ApplicationContextRunner runner(String directory) {
		return new ApplicationContextRunner().withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.location=classpath:/" + directory + "/");
	}

	@EnableConfigurationProperties(IpcProperties.class)
	static class Properties {

	}

}
