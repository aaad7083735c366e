package io.ipcboot;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parent dies: none of its workers lives on, whatever they are doing, and nothing is
 * held that the next parent needs.
 */
@ProcessTest
class ParentDeathTests {

	/** A second, plus what a busy machine may add. */
	private static final Duration BOUND = Duration.ofSeconds(5);

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void noWorkerLivesOn() throws IOException {
		ChildProcess parent = forkParent();
		List<Long> workers = List.of(parent.call("fork", null, Long.class),
				parent.call("fork-spinning", null, Long.class), parent.call("fork-hanging-at-exit", null, Long.class),
				parent.call("start-slow", null, Long.class));
		int port = parent.call("share-listener", null, Integer.class);
		assertThat(workers).allMatch(ProcStat::isRunning);
		assertThat(Client.isFree(port)).isFalse();
		parent.kill("KILL");
		parent.onExit().join();
		Awaitility.await().atMost(BOUND).untilAsserted(() -> assertThat(workers).noneMatch(ProcStat::isRunning));
		assertThat(Client.isFree(port)).isTrue();
		try (ServerSocketChannel listener = ServerSocketChannel.open()) {
			assertThat(listener.bind(new InetSocketAddress("127.0.0.1", port)).isOpen()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "exit", "halt" })
	void noWorkerOutlivesAParentThatExits(String how) {
		ChildProcess parent = forkParent();
		List<Long> workers = List.of(parent.call("fork", null, Long.class),
				parent.call("fork-spinning", null, Long.class));
		parent.send(how, 0);
		parent.onExit().join();
		Awaitility.await().atMost(BOUND).untilAsserted(() -> assertThat(workers).noneMatch(ProcStat::isRunning));
	}

	@Test
	void aWorkerThatLeavesIsNotHeldUpByItsOldDeadlineWhenTheParentDies() {
		ChildProcess parent = forkParent();
		// it was asked to leave and has 20 seconds for that, but not as an orphan
		long worker = parent.call("disconnect-hanging-at-exit", null, Long.class);
		parent.kill("KILL");
		parent.onExit().join();
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !ProcStat.isRunning(worker));
	}

	/** As when a deployment replaces a directory in which an application still runs. */
	@Test
	void noWorkerLivesOnWhoseCodeIsGone(@TempDir Path directory) throws IOException {
		Path jar = directory.resolve("parent.jar");
		Path code = copyCode(directory.resolve("code"), jar);
		ChildProcess parent = this.processes.fork(ForkOptions.jar(jar)
			.jvmArguments("-XX:TieredStopAtLevel=1", "-Xshare:auto")
			.output(ProcessOutput.DISCARD));
		List<Long> workers = List.of(parent.call("fork", null, Long.class),
				parent.call("fork-spinning", null, Long.class));
		FileSystemUtils.deleteRecursively(code);
		Files.delete(jar);
		parent.kill("KILL");
		parent.onExit().join();
		Awaitility.await().atMost(BOUND).untilAsserted(() -> assertThat(workers).noneMatch(ProcStat::isRunning));
	}

	/** A jar whose class path has copies of the directories with classes. */
	private static Path copyCode(Path target, Path jar) throws IOException {
		List<String> classPath = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			Path path = Path.of(entry);
			if (Files.isDirectory(path)) {
				Path copy = target.resolve(Integer.toString(classPath.size()));
				FileSystemUtils.copyRecursively(path, copy);
				path = copy;
			}
			classPath.add(path.toUri().toString());
		}
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, TestParent.class.getName());
		manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, String.join(" ", classPath));
		try (OutputStream file = Files.newOutputStream(jar)) {
			new JarOutputStream(file, manifest).close();
		}
		return target;
	}

	private ChildProcess forkParent() {
		return this.processes.fork(StandaloneTemplate.child(TestParent.class).output(ProcessOutput.DISCARD));
	}

}
