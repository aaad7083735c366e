package io.ipcboot.server.http;

import java.time.Duration;
import java.util.List;

import io.ipcboot.PortEvent;
import io.ipcboot.PortJoinedEvent;
import io.ipcboot.PortLeftEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parent learns which workers accept connections, and where.
 */
@Tag("process")
@Tag("http")
@Timeout(300)
class PortEventTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@ParameterizedTest
	@CsvSource("TOMCAT, shared")
	@Tag("long")
	void eachWorkerJoinsAndLeavesOnce(ServerKind kind, String scheduling) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.server.scheduling=" + scheduling, "--ipc.pools.default.size=1")) {
			String first = await(server, PortJoinedEvent.class, 1);
			assertThat(server.get("/pid")).isEqualTo(first);
			server.replace(0);
			assertThat(await(server, PortLeftEvent.class, 1)).isEqualTo(first);
			String second = await(server, PortJoinedEvent.class, 2);
			server.kill(0);
			assertThat(await(server, PortLeftEvent.class, 2)).isEqualTo(second);
			String third = await(server, PortJoinedEvent.class, 3);
			assertThat(server.get("/pid")).isEqualTo(third);
			assertThat(List.of(first, second, third)).doesNotHaveDuplicates();
			assertThat(server.portEvents).allSatisfy((event) -> {
				assertThat(event.getAddress().getPort()).isEqualTo(server.port);
				assertThat(event.getAddress().getAddress().isLoopbackAddress()).isTrue();
				assertThat(event.getWorker().pool()).isEqualTo("default");
			});
		}
	}

	@ParameterizedTest
	@CsvSource({ "JETTY, handoff", "NETTY, shared", "NETTY, sticky" })
	@Tag("long")
	void eachWorkerOfTheOtherServersJoinsAndLeavesOnce(ServerKind kind, String scheduling) throws Exception {
		eachWorkerJoinsAndLeavesOnce(kind, scheduling);
	}

	@ParameterizedTest
	@CsvSource("JETTY")
	@Tag("long")
	void aWorkerJoinsEachPort(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--ipc.pools.default.size=1",
				"--test.second-connector=true")) {
			await(server, PortJoinedEvent.class, 2);
			int second = SecondConnector.port(((WebServerApplicationContext) server.context).getWebServer());
			server.kill(0);
			await(server, PortLeftEvent.class, 2);
			assertThat(server.portEvents.stream()
				.filter(PortLeftEvent.class::isInstance)
				.map((event) -> event.getAddress().getPort())).containsExactlyInAnyOrder(server.port, second);
		}
	}

	/** Await so many events of a type, and return the pid of the last one. */
	private static String await(RunningServer server, Class<? extends PortEvent> type, int count) {
		List<? extends PortEvent> events = Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> server.portEvents.stream().filter(type::isInstance).map(type::cast).toList(),
					(found) -> found.size() >= count);
		assertThat(events).hasSize(count);
		return Long.toString(events.get(count - 1).getProcess().pid());
	}

}
