package io.ipcboot.scenario;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.pool.LossCause;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * S35: the file system with the temporary files of parent and workers is full.
 */
@ProcessTest
class FullDiskTests {

	private static final ParameterizedTypeReference<List<Long>> PIDS = new ParameterizedTypeReference<>() {
	};

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@TempDir
	Path disk;

	private final StandaloneTemplate processes = new StandaloneTemplate();

	private boolean mounted;

	@BeforeEach
	void mount() {
		this.mounted = run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", this.disk.toString());
		Assumptions.assumeTrue(this.mounted, "a small file system can be mounted, which needs the right to");
	}

	@AfterEach
	void unmount() {
		this.processes.close();
		if (this.mounted) {
			// the last process to use it has just ended
			Awaitility.await().atMost(Invariants.PATIENCE).until(() -> run("umount", this.disk.toString()));
		}
	}

	@Test
	void s35CallsGoOnAndWorkersComeBackWhenThereIsSpaceAgain() throws IOException {
		ForkOptions options = StandaloneTemplate.child(ScenarioParent.class)
			.systemProperty("java.io.tmpdir", this.disk.toString())
			.output(ProcessOutput.DISCARD);
		ChildProcess parent = this.processes.fork(this.invariants.mark(options));
		List<Long> before = parent.call("pids", null, PIDS);
		assertThat(before).hasSize(2);
		assertThat(parent.call("worker-property", "java.io.tmpdir", String.class)).startsWith(this.disk.toString());
		Path ballast = this.disk.resolve("ballast");
		fill(ballast);
		for (int i = 0; i < 50; i++) {
			assertThat(parent.call("echo", "on a full disk", String.class)).isEqualTo("on a full disk");
		}
		// what it would write about its end finds no space
		assertThat(parent.call("fault", Fault.NATIVE_CRASH.name(), String.class)).isEqualTo(LossCause.KILLED.name());
		assertThat(exits(parent)).contains("SIGABRT");
		for (int i = 0; i < 50; i++) {
			assertThat(parent.call("echo", "with the other", String.class)).isEqualTo("with the other");
		}
		Files.delete(ballast);
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> parent.call("pids", null, PIDS).size() == 2);
		assertThat(parent.call("pids", null, PIDS)).isNotEqualTo(before).containsAnyElementsOf(before);
		assertThat(parent.call("echo", "x", String.class)).isEqualTo("x");
		parent.disconnect();
		assertThat(parent.onExit()).succeedsWithin(Invariants.PATIENCE);
		Awaitility.await().atMost(Invariants.PATIENCE).untilAsserted(() -> {
			try (Stream<Path> left = Files.list(this.disk)) {
				assertThat(left.map((path) -> path.getFileName().toString())).as("what is left but crash files")
					.allMatch((name) -> name.startsWith("ipc-crashes-"));
			}
		});
	}

	private static String exits(ChildProcess parent) {
		return parent.call("last-exit", 0, String.class) + parent.call("last-exit", 1, String.class);
	}

	private static void fill(Path file) throws IOException {
		try (OutputStream stream = Files.newOutputStream(file)) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
				while (true) {
					stream.write(new byte[4096]);
				}
			}).withMessageContaining("No space left");
		}
	}

	private static boolean run(String... command) {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
