package io.ipcboot.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ipcboot.NothingLeftBehind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S24: a process that accepts connections has no descriptor left for them, and later has.
 */
@Tag("process")
@Tag("http")
@ExtendWith(NothingLeftBehind.class)
@Timeout(300)
class NoDescriptorTests {

	/**
	 * What Tomcat, and otherwise this library, says of a connection that it cannot take.
	 */
	private static final String REFUSED = "Socket accept failed|Cannot accept a connection";

	/** Whoever runs has all of these open, and poll(2) takes no more than are allowed. */
	private static final int FEW = 16;

	private static final int MANY = 4096;

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource("TOMCAT, handoff, true")
	@Tag("long")
	void itGoesOnWhenThereAreDescriptorsAgain(ServerKind kind, String scheduling, boolean parent) throws Exception {
		int port = ServiceProcess.freePort();
		Path output = this.directory.resolve("output");
		Process service = ServiceProcess
			.builder(this.directory, kind, port, "--ipc.server.scheduling=" + scheduling,
					"--ipc.server.parent-accepts=false")
			.redirectOutput(output.toFile())
			.start();
		try {
			ServiceProcess.awaitServing(port);
			List<ProcessHandle> workers;
			try (Load load = Load.start(port, 0, 2)) {
				Awaitility.await().atMost(ServiceProcess.PATIENCE).until(() -> load.total() > 10);
				workers = service.children().toList();
				long pid = parent ? service.pid() : workers.get(0).pid();
				limitDescriptors(pid, FEW);
				Awaitility.await().atMost(ServiceProcess.PATIENCE).until(() -> refusals(output) > 0);
				long before = load.total();
				limitDescriptors(pid, MANY);
				Awaitility.await().atMost(ServiceProcess.PATIENCE).until(() -> load.total() > before + 10);
				load.stop();
				assertThat(load.failures).isEmpty();
			}
			assertThat(refusals(output)).as("refusals, which pauses keep few").isLessThan(1000);
			assertThat(service.children().toList()).isEqualTo(workers);
		}
		finally {
			service.destroy();
			assertThat(service.waitFor(ServiceProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT, shared, false", "NETTY, shared, false" })
	@Tag("long")
	void itGoesOnWhenThereAreDescriptorsAgainWhereWorkersAccept(ServerKind kind, String scheduling, boolean parent)
			throws Exception {
		itGoesOnWhenThereAreDescriptorsAgain(kind, scheduling, parent);
	}

	/** Those that are open stay open. */
	private static void limitDescriptors(long pid, int limit) throws Exception {
		Process command = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=" + limit + ":")
			.inheritIO()
			.start();
		assertThat(command.waitFor()).isZero();
	}

	private static long refusals(Path output) throws IOException {
		try (var lines = Files.lines(output)) {
			return lines.filter((line) -> line.matches(".*(" + REFUSED + ").*")).count();
		}
	}

}
