package io.ipcboot.server.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Parent and workers accept on the application's own port.
 */
@Tag("process")
@Tag("http")
@ParameterizedClass
@EnumSource(ServerKind.class)
@Timeout(300)
class SharedPortTests {

	private static RunningServer server;

	private static int lastPort;

	@Parameter
	ServerKind kind;

	@BeforeParameterizedClassInvocation
	static void start(ServerKind kind) {
		server = RunningServer.start(kind, "--ipc.server.response-header=X-Process");
		server.awaitWorkers(2);
		lastPort = server.port;
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		server.close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new Socket("127.0.0.1", lastPort).close());
	}

	@Test
	void parentAndWorkersServeTheSamePort() throws Exception {
		Set<String> expected = new HashSet<>();
		server.workerPids().forEach((pid) -> expected.add(pid.toString()));
		expected.add(Long.toString(ProcessHandle.current().pid()));
		Set<String> seen = new HashSet<>();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			seen.add(server.get("/pid"));
			return seen.equals(expected);
		});
	}

	@Test
	void aControllerCallsAPoolInEveryProcess() {
		Set<String> seen = new HashSet<>();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			HttpResponse<String> response = server.respond("/reversed?text=drawer");
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.body()).endsWith(" reward");
			seen.add(response.body().split(" ")[0]);
			return seen.size() == 3;
		});
		server.workerPids().forEach((pid) -> assertThat(seen).contains(pid.toString()));
	}

	@Test
	void theResponseSaysWhoHasAnswered() throws Exception {
		HttpResponse<String> response = server.respond("/pid");
		assertThat(response.headers().firstValue("X-Process").orElseThrow()).matches("(parent|default/[01]) \\d+")
			.endsWith(" " + response.body());
	}

	@Test
	void everyProcessKnowsTheRealPort() throws Exception {
		Set<String> roles = new HashSet<>();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			String facts = server.get("/facts");
			assertThat(facts).contains("\"port\":\"" + server.port + "\"").contains("\"event\":" + server.port + ",");
			roles.add(facts.contains("WORKER") ? "worker" : "parent");
			return roles.size() == 2;
		});
	}

	@Test
	void largeBodiesArriveComplete() throws Exception {
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest request = HttpRequest.newBuilder(server.uri("/size"))
			.header("Content-Type", "application/octet-stream")
			.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[200_000]))
			.build();
		for (int i = 0; i < 10; i++) {
			assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body()).startsWith("200000 ");
		}
	}

	/** S36 */
	@Test
	@Tag("long")
	void rollingRestartsFailNoRequest() {
		try (Load load = startLoad()) {
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> load.answers.size() == 3);
			server.restart(1);
			// by the successors too
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> load.answers.size() >= 5);
			load.stop();
			assertThat(load.failures).isEmpty();
			assertThat(load.lastResponses.get()).as("clients told to take another connection").isPositive();
		}
	}

	/**
	 * Some of its clients keep a connection to a worker, which they need not by chance.
	 */
	private static Load startLoad() {
		while (true) {
			Load load = Load.start(server.port, 4, 4);
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> load.kept.size() == 4);
			if (server.workerPids().stream().anyMatch((pid) -> load.kept.containsValue(pid.toString()))) {
				return load;
			}
			load.close();
		}
	}

	@Test
	@Tag("long")
	void whatIsInProgressGoesOnWhileAWorkerIsReplaced() throws Exception {
		String leaving = Long.toString(server.slotPid(0));
		String other = Long.toString(server.slotPid(1));
		HttpClient client = clientOf(leaving);
		try (Stream<String> lines = streamOf(other); SocketClient socket = socketOf(other)) {
			CompletableFuture<HttpResponse<String>> request = client.sendAsync(get("/slow?time=PT2S"),
					HttpResponse.BodyHandlers.ofString());
			server.replace(0);
			assertThat(request.join().body()).isEqualTo(leaving);
			assertThat(lines.filter((line) -> !line.isEmpty()).limit(150)).containsOnly("data:" + other);
			for (int i = 0; i < 100; i++) {
				assertThat(socket.ask()).isEqualTo(other);
			}
		}
	}

	/** A client whose connection is to a certain process. */
	private static HttpClient clientOf(String pid) throws IOException, InterruptedException {
		while (true) {
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
			if (client.send(get("/pid"), HttpResponse.BodyHandlers.ofString()).body().equals(pid)) {
				return client;
			}
		}
	}

	private static Stream<String> streamOf(String pid) throws IOException, InterruptedException {
		return clientOf(pid).send(get("/stream"), HttpResponse.BodyHandlers.ofLines()).body();
	}

	private static SocketClient socketOf(String pid) throws Exception {
		while (true) {
			SocketClient client = new SocketClient(server.port);
			if (client.ask().equals(pid)) {
				return client;
			}
			client.close();
		}
	}

	private static HttpRequest get(String path) {
		return HttpRequest.newBuilder(server.uri(path)).build();
	}

	/** S40 */
	@Test
	@Tag("long")
	void aKilledWorkerLosesOnlyItsOwnConnections() {
		try (Load load = Load.start(server.port, 3, 3)) {
			List<String> killed = server.killWorkers(1);
			load.stop();
			// each of the six clients has at most one connection at a time
			assertThat(load.failures).hasSizeLessThanOrEqualTo(killed.size() * 6)
				.noneMatch((failure) -> failure.contains("refused") || failure.contains("timed out"));
			assertThat(load.deserters).isSubsetOf(killed);
			assertThat(load.total()).isGreaterThan(100);
		}
	}

}
