package io.ipcboot.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

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

	/** A cleaner removes copies that nobody has used for some days. */
	@Test
	void aCopyThatWasRemovedIsMadeAgainWhereOnlyThisUserCanWrite() throws IOException {
		Path archive = Files.writeString(this.directory.resolve("a.jar"), "as it was");
		CodeSnapshot snapshot = CodeSnapshot.of(List.of(archive));
		try (FileChannel open = FileChannel.open(archive)) {
			Files.delete(archive);
			Path copy = snapshot.paths().get(0);
			Path copies = copy.getParent().getParent();
			assertThat(copy).hasContent("as it was");
			FileSystemUtils.deleteRecursively(copies);
			assertThat(snapshot.paths()).containsExactly(copy);
			assertThat(copy).hasContent("as it was");
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copies))).isEqualTo("rwxr-xr-x");
			assertThat(open.isOpen()).isTrue();
			// as another user could do who has seen the name
			FileSystemUtils.deleteRecursively(copies);
			Files.createSymbolicLink(copies, this.directory);
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(snapshot::paths)
				.withMessageContaining("was replaced by something of another user");
			Files.delete(copies);
			// it is there until the end of this JVM
			assertThat(snapshot.paths()).containsExactly(copy);
		}
	}

}
