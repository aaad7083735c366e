package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Directories from which an application runs, and files that are not there.
 */
@ExtendWith(OutputCaptureExtension.class)
class CodeSnapshotTests {

	@TempDir
	private Path directory;

	@Test
	void noWorkerRunsAnUnpackedArchiveThatHasChanged() throws IOException {
		Path classes = Files.createDirectories(this.directory.resolve("BOOT-INF/classes"));
		Path libraries = Files.createDirectories(this.directory.resolve("BOOT-INF/lib"));
		Path type = Files.writeString(classes.resolve("A.class"), "1");
		Files.writeString(libraries.resolve("a.jar"), "1");
		CodeSnapshot snapshot = CodeSnapshot.of(List.of(this.directory));
		Files.writeString(this.directory.resolve("data.jar"), "of the application");
		Files.writeString(classes.resolve("application.yml"), "a: b");
		assertThat(snapshot.paths()).containsExactly(this.directory);
		Files.writeString(type, "longer");
		assertThatExceptionOfType(ChangedCodeException.class).isThrownBy(snapshot::paths)
			.withMessageContaining(type + " has changed");
	}

	@Test
	void aLibraryThatIsAddedToAnUnpackedArchiveIsAChange() throws IOException {
		Path libraries = Files.createDirectories(this.directory.resolve("WEB-INF/lib"));
		Files.writeString(libraries.resolve("a.jar"), "1");
		CodeSnapshot snapshot = CodeSnapshot.of(List.of(this.directory));
		Path added = Files.writeString(libraries.resolve("b.jar"), "1");
		assertThatExceptionOfType(ChangedCodeException.class).isThrownBy(snapshot::paths)
			.withMessageContaining(added + " has changed");
	}

	@Test
	void classesThatAreCompiledWhileTheApplicationRunsAreReportedOnce(CapturedOutput output) throws IOException {
		Path type = Files.writeString(this.directory.resolve("A.class"), "1");
		CodeSnapshot snapshot = CodeSnapshot.of(List.of(this.directory));
		assertThat(snapshot.paths()).containsExactly(this.directory);
		assertThat(output).doesNotContain("has changed since");
		Files.writeString(type, "longer");
		assertThat(snapshot.paths()).containsExactly(this.directory);
		assertThat(snapshot.paths()).containsExactly(this.directory);
		assertThat(output).containsOnlyOnce(type + " has changed since this application started");
	}

	@Test
	void aPartThatNeverWasThereMayBeMissing() throws IOException {
		Path missing = this.directory.resolve("missing.jar");
		CodeSnapshot snapshot = CodeSnapshot.of(List.of(missing, this.directory));
		assertThat(snapshot.paths()).containsExactly(missing, this.directory);
	}

	@Test
	void anArchiveThatNobodyHasOpenCannotBeRestored() throws IOException {
		Path archive = Files.writeString(this.directory.resolve("a.jar"), "1");
		CodeSnapshot snapshot = CodeSnapshot.of(List.of(archive));
		Files.delete(archive);
		assertThatExceptionOfType(ChangedCodeException.class).isThrownBy(snapshot::paths)
			.withMessageContaining(archive + " was deleted");
	}

}
