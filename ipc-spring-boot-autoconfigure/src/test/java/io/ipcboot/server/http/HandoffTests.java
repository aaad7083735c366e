package io.ipcboot.server.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parent accepts and hands connections over.
 */
@Tag("process")
@Tag("http")
@Timeout(300)
class HandoffTests {

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	@Tag("long")
	void connectionsAreSpreadAndNoneIsLost(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.scheduling=handoff")) {
			server.awaitWorkers(2);
			Map<String, Integer> answers = new HashMap<>();
			for (int i = 0; i < 40; i++) {
				answers.merge(server.get("/pid"), 1, Integer::sum);
			}
			assertThat(answers).hasSize(2).doesNotContainKey(Long.toString(ProcessHandle.current().pid()));
			// on a busy machine, one of them may be slow to tell that a connection has
			// ended
			assertThat(answers.values()).allMatch((count) -> count >= 3);
			try (Load load = Load.start(server.port, 4, 4)) {
				server.replace(0);
				load.stop();
				assertThat(load.failures).isEmpty();
			}
			try (Load load = Load.start(server.port, 3, 3)) {
				List<String> killed = server.killWorkers(1);
				load.stop();
				assertThat(load.failures).hasSizeLessThanOrEqualTo(killed.size() * 6)
					.noneMatch((failure) -> failure.contains("refused") || failure.contains("timed out"));
				assertThat(load.deserters).isSubsetOf(killed);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = "NETTY")
	@Tag("long")
	void connectionsAreSpreadAndNoneIsLostByNetty(ServerKind kind) throws Exception {
		connectionsAreSpreadAndNoneIsLost(kind);
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	void aWorkerHasOnlyAsManyConnectionsAsItMayHave(ServerKind kind) throws Exception {
		List<RawConnection> clients = new ArrayList<>();
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.scheduling=handoff",
				"--ipc.server.max-connections-per-worker=2")) {
			server.awaitWorkers(2);
			try {
				List<String> served = new ArrayList<>();
				for (int i = 0; i < 4; i++) {
					clients.add(connect(server));
					served.add(clients.get(i).body());
				}
				for (long worker : server.workerPids()) {
					assertThat(served.stream().filter(Long.toString(worker)::equals)).hasSize(2);
				}
				RawConnection waiting = connect(server);
				clients.add(waiting);
				assertThat(waiting.isAnswered()).isFalse();
				clients.get(1).close();
				assertThat(waiting.body()).isEqualTo(served.get(1));
			}
			finally {
				for (RawConnection client : clients) {
					client.close();
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOMCAT")
	@Tag("long")
	void aWorkerOfTheOtherServersHasOnlyAsManyConnectionsAsItMayHave(ServerKind kind) throws Exception {
		aWorkerHasOnlyAsManyConnectionsAsItMayHave(kind);
	}

	private static RawConnection connect(RunningServer server) throws IOException {
		RawConnection client = new RawConnection(server.port);
		client.send("/pid");
		return client;
	}

	@Test
	@Tag("long")
	void aClientKeepsItsWorker() throws Exception {
		try (RunningServer server = RunningServer.start(ServerKind.JETTY, "--ipc.server.scheduling=sticky")) {
			server.awaitWorkers(2);
			Map<String, String> workers = new HashMap<>();
			for (int round = 0; round < 5; round++) {
				for (int client = 2; client < 22; client++) {
					String address = "127.0.0." + client;
					String pid = getFrom(address, server.port);
					assertThat(workers.computeIfAbsent(address, (key) -> pid)).isEqualTo(pid);
				}
			}
			Set<String> used = new HashSet<>(workers.values());
			assertThat(used).hasSize(2);
			String stays = Long.toString(server.slotPid(1));
			server.replace(0);
			for (Map.Entry<String, String> client : workers.entrySet()) {
				if (client.getValue().equals(stays)) {
					assertThat(getFrom(client.getKey(), server.port)).isEqualTo(stays);
				}
			}
		}
	}

	private static String getFrom(String client, int port) throws Exception {
		try (Socket socket = new Socket()) {
			socket.bind(new InetSocketAddress(client, 0));
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			socket.getOutputStream()
				.write("GET /pid HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			Matcher body = Pattern.compile("(?s).*?\r\n\r\n.*?(\\d{3,}).*").matcher(response);
			assertThat(body.matches()).as(response).isTrue();
			return body.group(1);
		}
	}

}
