package io.ipcboot.handle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Where the native library is unpacked, in containers that leave little choice.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class NativeLibraryTests {

	@TempDir
	private Path directory;

	@Test
	void aDirectoryThatDoesNotExistIsNamed() {
		Path missing = this.directory.resolve("missing");
		assertThat(NativeLibrary.problemOf(missing.toString())).isEqualTo(missing + " does not exist");
		assertThat(NativeLibrary.problemOf(this.directory.toString())).isNull();
	}

	@Test
	void aFileIsNoDirectory() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThat(NativeLibrary.problemOf(file.toString())).isEqualTo(file + " is not a directory");
	}

	@Test
	void theMountThatHoldsTheDirectoryDecides() {
		List<String> mounts = List.of("22 1 0:21 / / rw,relatime shared:1 - ext4 /dev/vda rw",
				"23 22 0:22 / /tmp rw,nosuid,nodev,noexec - tmpfs tmpfs rw",
				"24 23 0:23 / /tmp/my\\040exec rw - tmpfs tmpfs rw", "25 22 0:24 / /tmpfs rw,noexec - tmpfs tmpfs rw",
				"26 22 0:25 / /over rw,noexec - tmpfs tmpfs rw", "27 26 0:26 / /over rw - tmpfs tmpfs rw");
		assertThat(NativeLibrary.isNoExec(Path.of("/tmp"), mounts)).isTrue();
		assertThat(NativeLibrary.isNoExec(Path.of("/tmp/below"), mounts)).isTrue();
		assertThat(NativeLibrary.isNoExec(Path.of("/tmp/my exec/below"), mounts)).isFalse();
		assertThat(NativeLibrary.isNoExec(Path.of("/tmpother"), mounts)).isFalse();
		assertThat(NativeLibrary.isNoExec(Path.of("/tmpfs"), mounts)).isTrue();
		assertThat(NativeLibrary.isNoExec(Path.of("/over/below"), mounts)).as("the later mount hides").isFalse();
	}

	@Test
	void aFullFileSystemIsNamed() throws Exception {
		mounted("size=64k", () -> {
			assertThat(NativeLibrary.problemOf(this.directory.toString())).isEqualTo(this.directory + " is full");
			assertThat(TestJvm.run(PlatformMain.class, "-Dorg.newsclub.net.unix.library.tmpdir=" + this.directory))
				.contains("NativeLibraryException: Worker processes cannot be forked: the native library of "
						+ "junixsocket cannot be unpacked, as " + this.directory + " is full.");
			assertLoaded("-Djava.io.tmpdir=" + this.directory);
		});
	}

	@Test
	void aFileSystemWithoutCodeIsNotUsed() throws Exception {
		mounted("size=4m,noexec", () -> {
			assertThat(NativeLibrary.problemOf(this.directory.toString()))
				.isEqualTo(this.directory + " is mounted noexec");
			assertLoaded("-Djava.io.tmpdir=" + this.directory, "-Duser.home=/proc/version/none",
					"-Duser.dir=/proc/version/none");
		});
	}

	private static void assertLoaded(String... flags) throws Exception {
		Process process = new ProcessBuilder(TestJvm.command(PlatformMain.class, flags)).inheritIO().start();
		assertThat(process.waitFor()).as("exit code of a JVM that unpacks elsewhere").isZero();
	}

	/** A real file system, where the system lets one be mounted. */
	private void mounted(String options, Step step) throws Exception {
		assumeThat(run("mount", "-t", "tmpfs", "-o", options, "tmpfs", this.directory.toString())).isZero();
		try {
			step.run();
		}
		finally {
			assertThat(run("umount", this.directory.toString())).isZero();
		}
	}

	private static int run(String... command) throws Exception {
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start()
			.waitFor();
	}

	private interface Step {

		void run() throws Exception;

	}

}
