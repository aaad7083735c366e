package io.ipcboot.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.TestParent;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several parents share the directory for temporary files, as containers do that have it
 * on one volume: each has process ids of its own.
 */
@ProcessTest
class SharedTemporaryDirectoryTests {

	/** Starts a program with a process id that no other container uses. */
	private static final String HIGH_ID = "echo 30000 > /proc/sys/kernel/ns_last_pid; \"$@\"; exit $?";

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@TempDir
	Path directory;

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	@Tag("long")
	void theFilesOfAContainerThatLivesStay() throws Exception {
		ProcessOneTests.assumeNamespaces();
		ChildProcess first = this.processes.fork(container("sh", "-c", HIGH_ID, "sh"));
		Path file = Files.writeString(temporaryOf(first).resolve("in-use"), "by the first");
		ChildProcess second = this.processes.fork(container());
		assertThat(temporaryOf(second)).isDirectory();
		assertThat(file).hasContent("by the first");
		second.close();
		assertThat(file).hasContent("by the first");
	}

	@Test
	void whatAKilledContainerHasLeftIsRemovedByTheNextOne() throws Exception {
		ProcessOneTests.assumeNamespaces();
		ChildProcess first = this.processes.fork(container());
		Path left = temporaryOf(first);
		assertThat(left.getFileName().toString()).startsWith("ipc-worker-1-");
		killWithWorkers(first);
		assertThat(left).isDirectory();
		assertThat(lockFiles()).hasSize(1);
		ChildProcess second = this.processes.fork(container());
		assertThat(temporaryOf(second).getFileName().toString()).startsWith("ipc-worker-1-");
		assertThat(left).doesNotExist();
		assertThat(lockFiles()).hasSize(1);
	}

	@Test
	void theLastWorkerOfAKilledParentRemovesWhatIsLeft() throws Exception {
		ChildProcess parent = this.processes.fork(parent());
		assertThat(temporaryOf(parent)).isNotEqualTo(temporaryOf(parent));
		assertThat(lockFiles()).hasSize(1);
		parent.kill("KILL");
		assertThat(parent.onExit()).succeedsWithin(Invariants.PATIENCE);
		awaitNothingLeft();
	}

	/** Cleaners go by the age of a file, not by who uses it. */
	@Test
	@Tag("long")
	void ifTheLockFileWasRemovedItComesBack() throws Exception {
		ChildProcess first = this.processes.fork(parent());
		Path file = Files.writeString(temporaryOf(first).resolve("in-use"), "by the first");
		Path lock = lockFiles().get(0);
		Files.delete(lock);
		age(file.getParent());
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> Files.exists(lock));
		// and stays when the parent looks at it again
		for (int look = 0; look < 2; look++) {
			age(file.getParent());
			Awaitility.await().atMost(Invariants.PATIENCE).until(() -> !isOld(file.getParent()));
		}
		age(file.getParent());
		ChildProcess second = this.processes.fork(parent());
		assertThat(temporaryOf(second)).isDirectory();
		second.close();
		assertThat(file).hasContent("by the first");
		first.close();
		awaitNothingLeft();
	}

	@Test
	void aDirectoryWithoutALockFileIsRemovedWhenNobodyHasUsedItForADay() throws Exception {
		Path left = Files.createDirectory(this.directory.resolve("ipc-worker-1-0123456789abcdef-1"));
		Path recent = Files.createDirectory(this.directory.resolve("ipc-worker-1-0123456789abcdef-2"));
		Path unlocked = Files.createFile(this.directory.resolve("ipc-parent-1-0123456789abcdef.lock.new"));
		age(left);
		age(unlocked);
		assertThat(temporaryOf(this.processes.fork(parent()))).isDirectory();
		assertThat(left).doesNotExist();
		assertThat(unlocked).doesNotExist();
		assertThat(recent).isDirectory();
	}

	/** Killed at once, so that no worker cleans up. */
	static void killWithWorkers(ChildProcess parent) throws Exception {
		List<ProcessHandle> all = new ArrayList<>(ProcessHandle.of(parent.pid()).orElseThrow().descendants().toList());
		assertThat(all).isNotEmpty();
		for (ProcessHandle process : all) {
			assertThat(new ProcessBuilder("sh", "-c", "kill -STOP " + process.pid()).start().waitFor()).isZero();
		}
		parent.kill("KILL");
		all.forEach(ProcessHandle::destroyForcibly);
		assertThat(parent.onExit()).succeedsWithin(Invariants.PATIENCE);
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
	}

	private ForkOptions parent() {
		return this.invariants.mark(StandaloneTemplate.child(TestParent.class)
			.systemProperty("java.io.tmpdir", this.directory.toString())
			.output(ProcessOutput.DISCARD));
	}

	private ForkOptions container(String... shell) {
		List<String> prefix = new ArrayList<>(List.of(ProcessOneTests.NEW_NAMESPACE));
		prefix.addAll(List.of(shell));
		return parent().commandPrefix(prefix.toArray(String[]::new));
	}

	/** Return the directory of a new worker. */
	private static Path temporaryOf(ChildProcess parent) {
		return Path.of(parent.call("child-property", "java.io.tmpdir", String.class));
	}

	private static void age(Path path) throws IOException {
		Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofDays(11))));
	}

	private static boolean isOld(Path path) throws IOException {
		return Files.getLastModifiedTime(path).toInstant().isBefore(Instant.now().minus(Duration.ofDays(1)));
	}

	private List<Path> lockFiles() throws IOException {
		return entries("ipc-parent-");
	}

	private void awaitNothingLeft() {
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.untilAsserted(() -> assertThat(entries("ipc-")).as("what is left").isEmpty());
	}

	private List<Path> entries(String prefix) throws IOException {
		try (Stream<Path> all = Files.list(this.directory)) {
			return all.filter((path) -> path.getFileName().toString().startsWith(prefix)).toList();
		}
	}

}
