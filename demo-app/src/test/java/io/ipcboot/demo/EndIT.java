package io.ipcboot.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Tag("process")
@Tag("long")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EndIT {

	private static final Duration GENEROUS = Duration.ofSeconds(30);

	@Test
	void aTerminatedParentTakesItsWorkersAlong(@TempDir Path directory) throws Exception {
		try (RunningDemo demo = RunningDemo.ofJar(directory)) {
			List<ProcessHandle> workers = demo.workers();
			assertThat(workers).hasSize(RunningDemo.WORKERS);
			try (Conversation open = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
				open.hearWorker();
				demo.process().destroy();
				assertThat(demo.process().waitFor(GENEROUS.toSeconds(), TimeUnit.SECONDS)).isTrue();
				assertThat(open.hear()).isNull();
			}
			assertThat(demo.process().exitValue()).isIn(0, 143);
			assertThat(workers).noneMatch(ProcessHandle::isAlive);
			assertFree(demo.ports());
			assertThat(demo.temporaryFiles()).isEmpty();
			assertThat(demo.output()).doesNotContain("WARN", "ERROR", "Exception");
		}
	}

	@Test
	void workersLeaveWhenTheirParentIsKilled(@TempDir Path directory) throws Exception {
		try (RunningDemo demo = RunningDemo.ofJar(directory)) {
			List<ProcessHandle> workers = demo.workers();
			assertThat(workers).hasSize(RunningDemo.WORKERS);
			demo.process().destroyForcibly();
			await().atMost(GENEROUS).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
			assertFree(demo.ports());
		}
	}

	private static void assertFree(List<Integer> ports) throws IOException {
		for (int port : ports) {
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				assertThat(socket.isBound()).isTrue();
			}
		}
	}

}
