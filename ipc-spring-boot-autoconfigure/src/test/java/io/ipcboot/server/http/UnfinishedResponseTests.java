package io.ipcboot.server.http;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker leaves while a client reads a large response, slowly.
 */
@Tag("process")
@Tag("http")
@Tag("long")
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class UnfinishedResponseTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** More than the buffers of a connection take. */
	private static final long SIZE = 64L << 20;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "NETTY, /file", "JETTY, /sendfile", "JETTY, /streamed", "TOMCAT, /sendfile", "TOMCAT, /streamed" })
	void isSentToItsEnd(ServerKind kind, String path, CapturedOutput output) throws Exception {
		Path file = file(SIZE);
		try (RunningServer server = start(kind); RawConnection connection = new RawConnection(server.port)) {
			long leaving = server.slotPid(0);
			connection.send(path + "?path=" + file);
			RawConnection.Head head = connection.head();
			assertThat(head.status()).isEqualTo(200);
			leave(server, leaving, output);
			assertThat(connection.skipBody(head)).isEqualTo(SIZE);
			awaitEnd(leaving);
		}
	}

	private static RunningServer start(ServerKind kind) {
		return RunningServer.start(kind, "--ipc.server.parent-accepts=false", "--ipc.pools.default.size=1",
				"--ipc.server.drain-timeout=500ms", "--ipc.pools.default.drain-timeout=60s",
				"--spring.mvc.async.request-timeout=5m", "--server.tomcat.connection-timeout=5m",
				"--server.jetty.connection-idle-timeout=5m");
	}

	private Path file(long size) throws IOException {
		Path file = this.directory.resolve("large");
		try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
			sparse.setLength(size);
		}
		return file;
	}

	/** Let a worker leave, and show that it does not end. */
	private static void leave(RunningServer server, long pid, CapturedOutput output) {
		server.template().pool("default").drain(0).join();
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> output.toString().contains("are left to the web server's shutdown"));
		Awaitility.await()
			.atMost(PATIENCE)
			.during(Duration.ofSeconds(2))
			.until(() -> ProcessHandle.of(pid).isPresent());
	}

	private static void awaitEnd(long pid) {
		Awaitility.await().atMost(PATIENCE).until(() -> ProcessHandle.of(pid).isEmpty());
	}

}
