package io.ipcboot.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CrashFilesTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "hs_err_pid12.log", "java_pid12.hprof", "core", "core.4711" })
	void whatTellsOfACrash(String name) throws Exception {
		assertThat(CrashFiles.isCrashFile(Files.createFile(this.directory.resolve(name)))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "core-1.0.jar", "cores", "coredump.txt", "notes", "hs_err_\u001b[2J", "a\nb.hprof" })
	void whatJustSoundsLikeIt(String name) throws Exception {
		assertThat(CrashFiles.isCrashFile(Files.createFile(this.directory.resolve(name)))).isFalse();
	}

	@Test
	void allTogetherAreBoundedAndOneThatIsTooLargeIsNotKept() throws IOException {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 10, 100);
		Path first = place(files, write("hs_err_pid1.log", 60));
		assertThat(first).exists();
		assertThat(first.toFile().setLastModified(1000)).isTrue();
		assertThat(files.place(write("hs_err_pid2.log", 101))).isNull();
		assertThat(first).exists();
		Path second = place(files, write("hs_err_pid3.log", 60));
		assertThat(second).exists();
		assertThat(first).doesNotExist();
	}

	@Test
	void aFileOfAnEarlierProcessWithTheSameIdIsReplaced() throws IOException {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 10);
		files.place(write("hs_err_pid1.log", 1));
		assertThat(place(files, write("hs_err_pid1.log", 2))).hasSize(2);
	}

	@Test
	void ofManyFilesTheMostTellingOnesAreChosen() throws IOException {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 4);
		Path left = Files.createDirectory(this.directory.resolve("left"));
		for (int i = 0; i < 500; i++) {
			Files.createFile(left.resolve("core." + i));
		}
		Path report = Files.createFile(left.resolve("hs_err_pid1.log"));
		assertThat(files.choose(left)).hasSize(2).startsWith(report);
		assertThat(files.choose(this.directory.resolve("missing"))).isEmpty();
		assertThat(new CrashFiles(this.directory, 1).choose(left)).containsExactly(report);
	}

	@Test
	void aCopyIsExactAndLeavesOutWhatIsEmpty() throws Exception {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 10);
		Files.createDirectories(files.directory());
		Path sparse = this.directory.resolve("core.1");
		try (RandomAccessFile core = new RandomAccessFile(sparse.toFile(), "rw")) {
			core.setLength(100_000_000);
			core.seek(70_000_000);
			core.write(new byte[] { 1, 2, 3 });
		}
		Path full = write("hs_err_pid1.log", 1_234_567);
		Files.write(full, "the end".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
		files.copyAll(List.of(sparse, full));
		for (Path file : List.of(sparse, full)) {
			Path copy = files.directory().resolve(file.getFileName());
			assertThat(Files.mismatch(file, copy)).isEqualTo(-1);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy))).isEqualTo("rw-------");
		}
		Process blocks = new ProcessBuilder("stat", "-c", "%b",
				files.directory().resolve(sparse.getFileName()).toString())
			.start();
		assertThat(
				Long.parseLong(new String(blocks.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip()))
			.as("blocks of 512 bytes")
			.isLessThan(10_000);
	}

	@Test
	void aCopyThatIsTooLargeIsNotKept() throws IOException {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 10, 100);
		Files.createDirectories(files.directory());
		files.copyAll(List.of(write("hs_err_pid1.log", 101), write("hs_err_pid2.log", 10)));
		assertThat(files.directory()).isDirectoryNotContaining("glob:**hs_err_pid1.log")
			.isDirectoryContaining("glob:**hs_err_pid2.log");
	}

	private static Path place(CrashFiles files, Path file) {
		CrashFiles.Place place = files.place(file);
		assertThat(place).isNotNull();
		assertThat(place.isElsewhere()).isFalse();
		return place.path();
	}

	private Path write(String name, int size) throws IOException {
		return Files.write(this.directory.resolve(name), new byte[size]);
	}

	@Test
	void noDirectoryAndNoLink() throws Exception {
		Path target = Files.createFile(this.directory.resolve("secret"));
		assertThat(CrashFiles.isCrashFile(Files.createDirectory(this.directory.resolve("core")))).isFalse();
		assertThat(CrashFiles.isCrashFile(Files.createSymbolicLink(this.directory.resolve("core.1"), target)))
			.isFalse();
	}

	@Test
	void onlySoManyAreKept() throws Exception {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 2);
		for (int i = 0; i < 5; i++) {
			Path file = Files.writeString(this.directory.resolve("hs_err_pid%d.log".formatted(i)), "crash");
			assertThat(file.toFile().setLastModified(1_000_000_000_000L + i * 1000L)).isTrue();
			assertThat(place(files, file)).exists();
		}
		assertThat(this.directory.resolve("kept")).isDirectoryContaining("glob:**hs_err_pid3.log")
			.isDirectoryContaining("glob:**hs_err_pid4.log")
			.isDirectoryNotContaining("glob:**hs_err_pid2.log");
	}

}
