package io.ipcboot.server.http;

import java.net.ConnectException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

import io.ipcboot.ProcessTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Workers accept on the application's own port.
 */
@ProcessTest
class SharedPortTests {

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	void parentAndWorkersServeTheSamePort(ServerKind kind) throws Exception {
		int port;
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.response-header=X-Process")) {
			port = server.port;
			server.awaitWorkers(2);
			Set<String> expected = new HashSet<>();
			server.workerPids().forEach((pid) -> expected.add(pid.toString()));
			expected.add(Long.toString(ProcessHandle.current().pid()));
			Set<String> seen = new HashSet<>();
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
				seen.add(server.get("/pid"));
				return seen.equals(expected);
			});
			assertThat(server.respond("/pid").headers().firstValue("X-Process"))
				.hasValueSatisfying((process) -> assertThat(process).matches("(parent|default/[01]) \\d+"));
		}
		assertThatExceptionOfType(ConnectException.class)
			.isThrownBy(() -> new java.net.Socket("127.0.0.1", port).close());
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	void everyProcessKnowsTheRealPort(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false")) {
			for (int i = 0; i < 20; i++) {
				assertThat(server.get("/facts")).contains("\"role\":\"WORKER\"")
					.contains("\"port\":\"" + server.port + "\"")
					.contains("\"event\":" + server.port + ",");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	void aPlannedLeaveFailsNoRequest(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind)) {
			server.awaitWorkers(2);
			try (Load load = Load.start(server.port, 4, 4)) {
				for (int slot = 0; slot < 2; slot++) {
					long old = server.ready.get(slot).pid();
					server.ready.get(slot).disconnect();
					Awaitility.await().until(() -> ProcessHandle.of(old).isEmpty());
					server.awaitWorkers(2);
				}
				load.stop();
				assertThat(load.failures).isEmpty();
				assertThat(load.lastResponses).hasPositiveValue();
				assertThat(load.answers).hasSizeGreaterThanOrEqualTo(4);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	void aKilledWorkerLosesOnlyItsOwnConnections(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind)) {
			server.awaitWorkers(2);
			try (Load load = Load.start(server.port, 4, 4)) {
				for (int round = 0; round < 4; round++) {
					int slot = round % 2;
					long old = server.ready.get(slot).pid();
					server.ready.get(slot).kill("SIGKILL");
					Awaitility.await().until(() -> ProcessHandle.of(old).isEmpty());
					server.awaitWorkers(2);
				}
				load.stop();
				// each of the eight clients has at most one connection
				assertThat(load.failures).hasSizeLessThanOrEqualTo(4 * 8)
					.noneMatch((failure) -> failure.contains("refused") || failure.contains("timed out"));
				assertThat(load.total()).isGreaterThan(1000);
			}
		}
	}

}
