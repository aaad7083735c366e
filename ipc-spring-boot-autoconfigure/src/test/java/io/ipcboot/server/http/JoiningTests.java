package io.ipcboot.server.http;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.pool.WorkerLostException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker begins to serve.
 */
@Tag("process")
@Tag("http")
@Timeout(300)
class JoiningTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = "shared")
	@Tag("long")
	void aSpareServesWhenItHasItsSlotAndNotBehindCalls(String scheduling) throws Exception {
		try (RunningServer server = RunningServer.start(ServerKind.TOMCAT, "--ipc.server.parent-accepts=false",
				"--ipc.server.scheduling=" + scheduling, "--ipc.server.response-header=X-Process",
				"--ipc.pools.default.size=1", "--ipc.pools.default.spares=1")) {
			server.awaitWorkers(2);
			long first = server.slotPid(0);
			long spare = server.slotPid(-1);
			for (int i = 0; i < 50; i++) {
				assertThat(process(server)).isEqualTo("default/0 " + first);
			}
			Path running = Files.createFile(this.directory.resolve("running"));
			Path waiting = Files.createFile(this.directory.resolve("waiting"));
			CompletableFuture<String> lost = server.call("wait", running);
			Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(this.directory.resolve("running.started")));
			CompletableFuture<String> next = server.call("wait", waiting);
			server.ready.get(0).kill("SIGKILL");
			assertThat(lost).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(WorkerLostException.class);
			Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(this.directory.resolve("waiting.started")));
			assertThat(process(server)).isEqualTo("default/0 " + spare);
			assertThat(next).isNotDone();
			Files.delete(waiting);
			assertThat(next.join()).isEqualTo(Long.toString(spare));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = "handoff")
	@Tag("long")
	void aSpareServesWhenItHasItsSlotAndNotBehindCallsOfTheParent(String scheduling) throws Exception {
		aSpareServesWhenItHasItsSlotAndNotBehindCalls(scheduling);
	}

	private static String process(RunningServer server) throws Exception {
		HttpResponse<String> response = server.respond("/pid");
		return response.headers().firstValue("X-Process").orElseThrow();
	}

}
