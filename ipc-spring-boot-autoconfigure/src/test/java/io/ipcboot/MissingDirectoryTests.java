package io.ipcboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A parent whose working directory or directory for temporary files is not there, or has
 * a relative path.
 */
@ProcessTest
class MissingDirectoryTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@TempDir
	private Path directory;

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aChildStartsInTheRootIfTheWorkingDirectoryWasRemoved() throws IOException {
		Path working = Files.createDirectory(this.directory.resolve("release-1"));
		ChildProcess parent = this.processes.fork(parent().directory(working));
		assertThat(parent.call("fork-or-fail", null, String.class)).isEqualTo(working.toString());
		Files.delete(working);
		assertThat(parent.call("fork-or-fail", null, String.class)).isEqualTo("/");
		StandaloneTemplate.awaitPrinted(parent,
				"The working directory %s of this process was removed; new processes start in /".formatted(working));
	}

	@Test
	void aChildStartsInTheDirectoryThatTookThePlaceOfTheRemovedOne() throws IOException {
		Path working = Files.createDirectory(this.directory.resolve("current"));
		ChildProcess parent = this.processes.fork(parent().directory(working));
		Files.delete(working);
		Files.createDirectory(working);
		assertThat(parent.call("fork-or-fail", null, String.class)).isEqualTo(working.toString());
	}

	@Test
	void aRelativeDirectoryForTemporaryFilesIsThatOfTheParent() throws IOException {
		Path working = Files.createDirectory(this.directory.resolve("working"));
		Path temporary = Files.createDirectory(working.resolve("tmp"));
		ChildProcess parent = this.processes.fork(parent().directory(working).jvmArguments("-Djava.io.tmpdir=tmp"));
		String ofChild = parent.call("child-elsewhere-property", "java.io.tmpdir", String.class);
		assertThat(Path.of(ofChild)).isAbsolute().hasParent(temporary);
	}

	@Test
	void aMissingDirectoryForTemporaryFilesIsNamedWithTheRemedy() throws IOException {
		Path temporary = Files.createDirectory(this.directory.resolve("tmp"));
		ChildProcess parent = this.processes
			.fork(parent().jvmArguments("-Djava.io.tmpdir=" + temporary).output(ProcessOutput.DISCARD));
		Files.delete(temporary);
		assertThat(parent.call("fork-or-fail", null, String.class))
			.contains("the process could not be forked: the directory for temporary files, " + temporary
					+ " (java.io.tmpdir), does not exist. Name a directory")
			.contains("-Djava.io.tmpdir");
		Files.createFile(temporary);
		assertThat(parent.call("fork-or-fail", null, String.class)).contains("(java.io.tmpdir), is not a directory.");
	}

	private static ForkOptions parent() {
		return StandaloneTemplate.child(TestParent.class);
	}

}
