package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
	@ValueSource(strings = { "core-1.0.jar", "cores", "coredump.txt", "notes" })
	void whatJustSoundsLikeIt(String name) throws Exception {
		assertThat(CrashFiles.isCrashFile(Files.createFile(this.directory.resolve(name)))).isFalse();
	}

	@Test
	void allTogetherAreBoundedAndOneThatIsTooLargeIsNotKept() throws IOException {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 10, 100);
		Path first = files.keep(write("hs_err_pid1.log", 60));
		assertThat(first).exists();
		assertThat(first.toFile().setLastModified(1000)).isTrue();
		assertThat(files.keep(write("hs_err_pid2.log", 101))).isNull();
		assertThat(first).exists();
		Path second = files.keep(write("hs_err_pid3.log", 60));
		assertThat(second).exists();
		assertThat(first).doesNotExist();
	}

	@Test
	void aFileOfAnEarlierProcessWithTheSameIdIsReplaced() throws IOException {
		CrashFiles files = new CrashFiles(this.directory.resolve("kept"), 10);
		files.keep(write("hs_err_pid1.log", 1));
		assertThat(files.keep(write("hs_err_pid1.log", 2))).isNotNull().hasSize(2);
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
			assertThat(files.keep(file)).exists();
		}
		assertThat(this.directory.resolve("kept")).isDirectoryContaining("glob:**hs_err_pid3.log")
			.isDirectoryContaining("glob:**hs_err_pid4.log")
			.isDirectoryNotContaining("glob:**hs_err_pid2.log");
	}

}
