package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that properties which say where other properties are work in workers.
 */
@ProcessTest
class WorkerConfigDataTests {

	private static final ParameterizedTypeReference<Map<String, Object>> FACTS = new ParameterizedTypeReference<>() {
	};

	@TempDir
	private Path directory;

	private Path imported;

	private Path additional;

	@BeforeEach
	void write() throws IOException {
		this.imported = Files.writeString(this.directory.resolve("imported.properties"),
				"one=imported\ntwo=imported\nthree=imported\nseven=imported\n");
		this.additional = Files.createDirectory(this.directory.resolve("additional"));
		Files.writeString(this.additional.resolve("application.properties"), "four=additional\nseven=additional\n");
		Files.writeString(this.additional.resolve("application-extra.properties"), "five=additional\n");
		Files.writeString(this.additional.resolve("application-worker.properties"),
				"six=additional\nspring.sql.init.mode=always\n");
	}

	@Test
	void thePropertiesOfAPoolChooseFilesAndProfiles() {
		try (ConfigurableApplicationContext context = run("--spring.profiles.active=general", "--two=argument",
				"--ipc.pools.default.properties.spring.config.import=" + this.imported.toUri(),
				"--ipc.pools.default.properties.spring.config.additional-location=" + this.additional.toUri(),
				"--ipc.pools.default.properties.spring.profiles.active=extra",
				"--ipc.pools.default.properties.three=pool", "--ipc.pools.default.profiles=special")) {
			ChildProcessTemplate template = context.getBean(ChildProcessTemplate.class);
			assertThat(template.call("facts", null, FACTS).get("profiles"))
				.asInstanceOf(InstanceOfAssertFactories.list(String.class))
				.containsExactlyInAnyOrder("general", "worker", "special", "extra");
			assertThat(property(template, "one")).isEqualTo("imported");
			assertThat(property(template, "two")).as("an argument comes before files").isEqualTo("argument");
			assertThat(property(template, "three")).as("the pool comes before all").isEqualTo("pool");
			assertThat(property(template, "four")).isEqualTo("additional");
			assertThat(property(template, "five")).isEqualTo("additional");
			assertThat(property(template, "six")).isEqualTo("additional");
			assertThat(property(template, "seven")).as("an import comes before files").isEqualTo("imported");
			assertThat(property(template, "spring.sql.init.mode")).as("meant for workers").isEqualTo("always");
			assertThat(context.getEnvironment().getProperty("one")).as("in the parent").isNull();
			assertThat(context.getEnvironment().getActiveProfiles()).containsExactly("general");
		}
	}

	@Test
	@Tag("long")
	void thePropertiesOfAProcessDoSoToo() throws IOException {
		Files.writeString(this.additional.resolve("other.properties"), "seven=other\n");
		try (ConfigurableApplicationContext context = run("--ipc.pools.default.size=0")) {
			ForkOptions options = ForkOptions.sameApplication()
				.property("spring.config.name", "other")
				.property("spring.main.web-application-type", "none")
				.property("spring.config.additional-location", this.additional.toUri().toString())
				.property("spring.profiles.include", "included");
			try (ChildProcess process = context.getBean(ChildProcessTemplate.class).fork(options)) {
				assertThat(process.call("property", "seven", String.class)).isEqualTo("other");
				assertThat(process.call("property", "four", String.class)).isNull();
				assertThat(process.call("facts", null, FACTS).get("profiles"))
					.asInstanceOf(InstanceOfAssertFactories.list(String.class))
					.contains("worker", "included");
			}
		}
	}

	private static String property(ChildProcessTemplate template, String name) {
		return template.call("property", name, String.class);
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(WorkerTestApplication.class)
			.properties("ipc.pools.default.size=1", "ipc.pools.others.size=0", "ipc.ready-timeout=3m",
					"spring.main.web-application-type=none", "spring.main.banner-mode=off")
			.run(arguments);
	}

}
