package io.ipcboot.autoconfigure;

import java.util.Map;

import io.ipcboot.server.Scheduling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class IpcServerPropertiesTests {

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHARED")
	void connectionsThatAreHandedOverCanBeLimited(Scheduling scheduling) {
		assertThat(bind(Map.of("ipc.server.scheduling", scheduling, "ipc.server.max-connections-per-worker", "7"))
			.maxConnectionsPerWorker()).isEqualTo(7);
	}

	@Test
	void theLimitOfConnectionsThatWorkersAcceptIsTheServersOwn() {
		assertThatException().isThrownBy(() -> bind(Map.of("ipc.server.max-connections-per-worker", "7")))
			.withStackTraceContaining("'ipc.server.max-connections-per-worker' needs 'ipc.server.scheduling=handoff'")
			.withStackTraceContaining("'server.tomcat.max-connections'");
	}

	@Test
	void aLimitIsNotNegative() {
		assertThatException().isThrownBy(
				() -> bind(Map.of("ipc.server.scheduling", "handoff", "ipc.server.max-connections-per-worker", "-1")))
			.withStackTraceContaining("'ipc.server.max-connections-per-worker' must not be negative, but is -1");
	}

	private static IpcServerProperties bind(Map<String, ?> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("ipc.server",
				IpcServerProperties.class);
	}

}
