package io.ipcboot.server.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.pool.WorkerState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker that serves is told to leave.
 */
@Tag("process")
@Tag("http")
@Timeout(300)
class DepartureTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	/** Longer than a worker takes by itself. */
	@Test
	@Tag("long")
	void aRequestMayTakeAsLongAsThePoolGivesItsWorkers() throws Exception {
		try (RunningServer server = RunningServer.start(ServerKind.TOMCAT, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--ipc.pools.default.drain-timeout=60s",
				"--spring.mvc.async.request-timeout=60s")) {
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
			String leaving = server.get("/pid");
			assertThat(server.get("/property?name=spring.lifecycle.timeout-per-shutdown-phase")).isEqualTo("60s");
			CompletableFuture<HttpResponse<String>> request = client.sendAsync(
					HttpRequest.newBuilder(server.uri("/slow?time=PT22S")).build(),
					HttpResponse.BodyHandlers.ofString());
			server.template().pool("default").recycle(0, "the test says so").join();
			assertThat(request.join().body()).isEqualTo(leaving);
			Awaitility.await().atMost(PATIENCE).until(() -> ProcessHandle.of(Long.parseLong(leaving)).isEmpty());
		}
	}

	@ParameterizedTest
	@EnumSource(names = "NETTY")
	@Tag("long")
	void anHttp2ConnectionIsToldBeforeItsLastAnswer(ServerKind kind) throws Exception {
		Path file = Files.createFile(this.directory.resolve("busy"));
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--server.http2.enabled=true", "--ipc.server.drain-timeout=60s",
				"--ipc.pools.default.drain-timeout=90s", "--spring.mvc.async.request-timeout=60s");
				Http2Client client = new Http2Client(server.port)) {
			client.get(1, "/pid");
			String leaving = client.await(Http2Client.DATA);
			client.get(3, "/wait?file=" + file);
			Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(this.directory.resolve("busy.started")));
			server.template().pool("default").recycle(0, "the test says so").join();
			client.await(Http2Client.GO_AWAY);
			Files.delete(file);
			assertThat(client.await(Http2Client.DATA)).isEqualTo(leaving);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NETTY")
	@Tag("long")
	void anHttp2ConnectionIsToldBeforeItsLastAnswerWithTheOtherServers(ServerKind kind) throws Exception {
		anHttp2ConnectionIsToldBeforeItsLastAnswer(kind);
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	void aRequestMayAskTheParentWhileItsWorkerLeaves(ServerKind kind) throws Exception {
		Path file = Files.createFile(this.directory.resolve("busy"));
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--ipc.pools.default.drain-timeout=90s")) {
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
			CompletableFuture<HttpResponse<String>> request = client.sendAsync(
					HttpRequest.newBuilder(server.uri("/wait-and-ask?file=" + file)).build(),
					HttpResponse.BodyHandlers.ofString());
			Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(this.directory.resolve("busy.started")));
			String leaving = Long.toString(server.slotPid(0));
			server.template().pool("default").drain(0).join();
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> server.template()
					.pool("default")
					.snapshot()
					.join()
					.slots()
					.get(0)
					.state() == WorkerState.DRAINING);
			Files.delete(file);
			HttpResponse<String> response = request.join();
			assertThat(response.body()).isEqualTo(leaving + " " + ProcessHandle.current().pid());
			assertThat(response.statusCode()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@EnumSource(names = "NETTY")
	@Tag("long")
	void aRequestMayAskTheParentWhileItsWorkerLeavesWithNetty(ServerKind kind) throws Exception {
		aRequestMayAskTheParentWhileItsWorkerLeaves(kind);
	}

	@ParameterizedTest
	@EnumSource(names = "JETTY")
	void aCallThatHasToBeFinishedKeepsNoWorkerOnThePort(ServerKind kind) throws Exception {
		Path file = Files.createFile(this.directory.resolve("busy"));
		try (RunningServer server = RunningServer.start(kind, "--ipc.pools.default.size=1",
				"--ipc.pools.default.drain-timeout=60s")) {
			server.awaitWorkers(1);
			String leaving = Long.toString(server.slotPid(0));
			String parent = Long.toString(ProcessHandle.current().pid());
			Awaitility.await().atMost(PATIENCE).until(() -> server.get("/pid").equals(leaving));
			CompletableFuture<String> call = server.call("wait", file);
			// one that has not been started is not finished, but goes to the successor
			Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(this.directory.resolve("busy.started")));
			server.template().pool("default").drain(0).join();
			// others do not get any more connections than what the worker gives up
			Awaitility.await().atMost(PATIENCE).during(Duration.ofSeconds(1)).until(() -> {
				for (int i = 0; i < 10; i++) {
					if (!server.get("/pid").equals(parent)) {
						return false;
					}
				}
				return true;
			});
			assertThat(call).isNotDone();
			Files.delete(file);
			assertThat(call.join()).isEqualTo(leaving);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JETTY")
	@Tag("long")
	void aCallThatHasToBeFinishedKeepsNoWorkerOnThePortWithTheOtherServers(ServerKind kind) throws Exception {
		aCallThatHasToBeFinishedKeepsNoWorkerOnThePort(kind);
	}

}
