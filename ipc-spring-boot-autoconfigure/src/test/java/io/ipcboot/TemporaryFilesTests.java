package io.ipcboot;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.ipcboot.process.LeftTree;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The temporary files of a worker, as long as it lives and afterwards.
 */
@ProcessTest
class TemporaryFilesTests {

	/** The directories are looked at every few seconds. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	@Tag("long")
	void whatACleanerRemovesComesBackAndWhatIsOldLooksUsed() throws IOException {
		ChildProcess worker = fork();
		Path removed = directoryOf(worker);
		Path old = directoryOf(fork());
		Path lock = lockFiles().get(0);
		FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(11)));
		Files.setAttribute(old, "lastAccessTime", longAgo);
		Files.setLastModifiedTime(old, longAgo);
		FileSystemUtils.deleteRecursively(removed);
		Files.delete(lock);
		assertThat(worker.call("temporary-file", null, String.class)).contains("NoSuchFileException");
		Awaitility.await().atMost(PATIENCE).until(() -> Files.isDirectory(removed) && Files.exists(lock));
		Path file = Path.of(worker.call("temporary-file", null, String.class));
		assertThat(file).exists().hasParent(removed);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(removed))).isEqualTo("rwx------");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock))).isEqualTo("rw-------");
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
			BasicFileAttributes attributes = Files.readAttributes(old, BasicFileAttributes.class);
			assertThat(attributes.lastModifiedTime()).isGreaterThan(longAgo);
			assertThat(attributes.lastAccessTime()).isGreaterThan(longAgo);
		});
		worker.close();
		assertThat(removed).doesNotExist();
		assertThat(old).isDirectory();
	}

	@Test
	void aTreeThatIsDeeperThanAnyPathIsLongIsRemovedWithItsWorker() throws IOException {
		ChildProcess worker = fork();
		Path directory = directoryOf(worker);
		LeftTree.deep(directory.resolve("deep"), 100, "d".repeat(200));
		worker.close();
		Awaitility.await().atMost(PATIENCE).until(() -> Files.notExists(directory));
	}

	/** A sandbox has process ids of its own, in which the parent has none. */
	@Test
	void aWorkerInASandboxHasTheTimeThatItNeedsToLeave(@TempDir Path directory) {
		List<String> sandbox = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
		List<String> attempt = new ArrayList<>(sandbox);
		attempt.add("true");
		Assumptions.assumeTrue(
				this.processes.fork(ForkOptions.program(attempt.toArray(String[]::new))).onExit().join().code() == 0,
				"a namespace of process ids can be made, which needs the right to");
		ChildProcess worker = this.processes.fork(StandaloneTemplate.child(TestChild.class)
			.commandPrefix(sandbox.toArray(String[]::new))
			.output(ProcessOutput.DISCARD));
		Path file = Path.of(worker.call("take-time-at-exit", directory.resolve("finished").toString(), String.class));
		worker.close();
		assertThat(file).exists();
	}

	private ChildProcess fork() {
		return this.processes.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
	}

	private static Path directoryOf(ChildProcess worker) {
		return Path.of(worker.call("property", "java.io.tmpdir", String.class));
	}

	private static List<Path> lockFiles() throws IOException {
		List<Path> files = new ArrayList<>();
		try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")),
				"ipc-parent-" + ProcessHandle.current().pid() + "-*.lock")) {
			found.forEach(files::add);
		}
		return files;
	}

}
