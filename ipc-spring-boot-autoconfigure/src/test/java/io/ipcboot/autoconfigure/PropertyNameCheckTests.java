package io.ipcboot.autoconfigure;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Properties that do not exist, and all ways to write those that do.
 */
@ExtendWith(OutputCaptureExtension.class)
class PropertyNameCheckTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, IpcAutoConfiguration.class))
		.withPropertyValues("ipc.pools.default.size=0");

	@ParameterizedTest
	@CsvSource({ "ipc.pools.default.max-heep, ipc.pools.default.max-heap",
			"ipc.pools.images.maxheep, ipc.pools.images.max-heap",
			"ipc.pools.default.heartbeat.intervall, ipc.pools.default.heartbeat.interval",
			"ipc.pools.default.recycle.max-memory.sfot, ipc.pools.default.recycle.max-memory.soft",
			"ipc.pools.default.quarantine.fro, ipc.pools.default.quarantine.for",
			"ipc.pools.default.jvm-arg, ipc.pools.default.jvm-args", "ipc.server.shared, ipc.server.share",
			"ipc.pool.default.size, ipc.pools", "ipc.call-timeuot, ipc.call-timeout", "ipc.enable, ipc.enabled",
			"ipc.worker.runner, ipc.worker.runners", "ipc.crash-files.dir, " })
	void aMisspelledNameIsRefusedWithTheNearestOne(String name, String nearest) {
		this.runner.withPropertyValues(name + "=1").run((context) -> {
			assertThat(context.getStartupFailure()).isInstanceOf(UnknownPropertyException.class);
			FailureAnalysis analysis = new UnknownPropertyFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("There is no property '" + name + "'");
			if (nearest != null) {
				assertThat(analysis.getDescription()).endsWith("did you mean '" + nearest + "'?");
				assertThat(analysis.getAction()).contains("'" + nearest + "'");
			}
			else {
				assertThat(analysis.getDescription()).doesNotContain("did you mean");
			}
		});
	}

	@Test
	void allThatAreWrongAreNamedAtOnceWithTheirPlaceButWithoutTheirValues() {
		this.runner.withPropertyValues("ipc.pools.default.max-heep=secret", "ipc.server.shared=secret")
			.run((context) -> assertThat(context.getStartupFailure()).hasMessageContaining("ipc.pools.default.max-heep")
				.hasMessageContaining("property source \"test\"")
				.hasMessageContaining("ipc.server.shared")
				.hasMessageNotContaining("secret"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ipc.enabled=true", "ipc.main-class=com.example.Main", "ipc.mainClass=com.example.Main",
			"ipc.main_class=com.example.Main", "ipc.worker.runners=true", "ipc.server.max-requests-per-worker=1",
			"ipc.pools.default.maxHeap=64MB", "ipc.pools.default.quarantine.for=1m",
			"ipc.pools.default.jvm-args[0]=-Da=b", "ipc.pools.default.profiles=a", "ipc.pools.[my.pool].size=0",
			"ipc.pools.default.environment.TZ=UTC", "ipc.pools.default.properties.spring.datasource.url=x",
			"ipc.pools.default.properties.[ipc.call-timeout]=1s", "ipc.parent.logging.file.name=x.log",
			"ipc.crash-files.limit=3", "ipcfoo.bar=1", "other.ipc.pools=1" })
	void whatExistsIsAccepted(String property) {
		this.runner.withPropertyValues(property).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void aVariableIsOnlyReported(CapturedOutput output) {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("IPC_SHARED_MEMORY", "secret", "IPC_POOLS_DEFAULT_SIZE", "0",
								"IPC_POOLS_DEFAULT_MAXHEAP", "64MB", "IPC_MAX_FRAME_SIZE", "1MB", "IPC_MAINCLASS",
								"com.example.Main", "IPC_CHANNEL", "native/1", "IPC_POOLS_DEFAULT_ENVIRONMENT_TZ",
								"UTC", "IPC_POOLS_DEFAULT_JVMARGS_0_", "-Da=b"))))
			.run((context) -> assertThat(context).hasNotFailed());
		// the caller of the tests may have variables of its own
		assertThat(output).containsOnlyOnce("The environment variable IPC_SHARED_MEMORY has no effect")
			.doesNotContain("secret")
			.doesNotContain("variable IPC_POOLS", "variable IPC_MAX", "variable IPC_MAIN", "variable IPC_CHANNEL");
	}

	@Test
	void nothingIsCheckedInAnApplicationThatUsesNoWorkers() {
		this.runner.withPropertyValues("ipc.enabled=false", "ipc.sever.share=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
