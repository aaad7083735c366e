package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
 * The tables of the pages "Configuration" and "Forking" say what the code says.
 */
class ConfigurationPageTests {

	private static final String NONE = "";

	private final GuidePage configuration = GuidePage.read("configuration.adoc");

	ConfigurationPageTests() throws IOException {
	}

	@Test
	void thePropertiesAreThoseOfTheMetadata() throws IOException {
		Map<String, String> properties = new TreeMap<>();
		try (InputStream metadata = IpcProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			for (JsonNode property : JsonMapper.shared().readTree(metadata).get("properties")) {
				if (!property.get("name").asString().equals("ipc.pools")) {
					JsonNode value = property.get("defaultValue");
					properties.put(property.get("name").asString(), (value != null) ? value.asString() : NONE);
				}
			}
		}
		assertThat(this.configuration.pairs("property-table")).containsExactlyInAnyOrderEntriesOf(properties);
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
					: parameter.getName().replaceAll("([A-Z])", "-$1").toLowerCase());
			if (parameter.getType().getEnclosingClass() == PoolProperties.class) {
				collect(name + ".", parameter.getType(), properties);
			}
			else {
				DefaultValue value = parameter.getAnnotation(DefaultValue.class);
				properties.put(name, (value != null) ? String.join(",", value.value()) : NONE);
			}
		}
	}

	@Test
	void theDefaultsOfAWorkerAreComplete() throws IOException {
		Map<String, String> defaults = new LinkedHashMap<>();
		WorkerDefaults.properties(0).forEach((name, value) -> {
			if (!name.equals("spring.pid.file")) {
				defaults.put(name, value.toString());
			}
		});
		assertThat(GuidePage.read("forking.adoc").pairs("worker-defaults"))
			.containsExactlyInAnyOrderEntriesOf(defaults);
	}

	@Test
	void theExampleBinds() {
		runner("snippets/configuration").withUserConfiguration(Properties.class).run((context) -> {
			IpcProperties properties = context.getBean(IpcProperties.class);
			assertThat(properties.callTimeout()).isEqualTo(Duration.ofSeconds(10));
			assertThat(properties.maxFrameSize()).isEqualTo(DataSize.ofMegabytes(32));
			PoolProperties reports = properties.pools().get("reports");
			assertThat(reports.jvmArgs()).hasSize(2);
			assertThat(reports.properties()).containsEntry("spring.datasource.hikari.maximum-pool-size", "2");
			assertThat(reports.environment()).containsEntry("TZ", "Europe/Berlin");
			assertThat(reports.acceptHandles()).isTrue();
		});
	}

	@Test
	void theWorkersFileWins() {
		runner("snippets/forking").withPropertyValues("spring.profiles.active=worker").run((context) -> {
			Environment environment = context.getEnvironment();
			assertThat(environment.getProperty("spring.flyway.enabled")).isEqualTo("false");
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
