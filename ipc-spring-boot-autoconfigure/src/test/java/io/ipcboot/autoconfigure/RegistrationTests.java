package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Boot checks of its own modules: entries name existing classes and are sorted, and
 * every property is described in the house style.
 */
class RegistrationTests {

	private static final Pattern STYLE = Pattern.compile("^(?!The |A |An )[A-Z].*\\.$");

	@Test
	void springFactoriesNameExistingClassesInOrder() throws Exception {
		Properties factories = new Properties();
		try (InputStream in = resource("META-INF/spring.factories")) {
			factories.load(in);
		}
		for (String key : factories.stringPropertyNames()) {
			Class<?> type = Class.forName(key);
			List<String> names = Arrays.asList(factories.getProperty(key).split(","));
			assertThat(names).as(key).isSorted();
			for (String name : names) {
				assertThat(Class.forName(name)).isAssignableTo(type);
			}
		}
	}

	@Test
	void autoConfigurationsAreListed() throws IOException {
		try (InputStream in = resource(
				"META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports")) {
			List<String> names = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
			assertThat(names).isSorted()
				.containsExactlyElementsOf(Stream
					.of("IpcAutoConfiguration", "IpcEndpointAutoConfiguration", "IpcHealthContributorAutoConfiguration",
							"IpcMetricsAutoConfiguration", "IpcObservationAutoConfiguration",
							"IpcPageEndpointAutoConfiguration", "IpcServerAutoConfiguration",
							"IpcServerEndpointsAutoConfiguration")
					.map((name) -> getClass().getPackageName() + "." + name)
					.toList());
		}
	}

	@Test
	void everyPropertyIsDescribed() throws IOException {
		JsonNode metadata;
		try (InputStream in = resource("META-INF/spring-configuration-metadata.json")) {
			metadata = JsonMapper.builder().build().readTree(in);
		}
		assertThat(StreamSupport.stream(metadata.get("properties").spliterator(), false)).isNotEmpty()
			.allSatisfy((property) -> {
				String description = property.path("description").asString("");
				assertThat(description).as(property.get("name").asString()).matches(STYLE);
				if ("java.lang.Boolean".equals(property.path("type").asString())) {
					assertThat(description).startsWith("Whether ");
				}
			});
	}

	private static InputStream resource(String name) {
		InputStream in = RegistrationTests.class.getClassLoader().getResourceAsStream(name);
		assertThat(in).as(name).isNotNull();
		return in;
	}

}
