package io.ipcboot.process;

import java.io.File;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command line of a forked JVM.
 */
class JavaCommandTests {

	private static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

	@Test
	void aMainClassRunsOnTheSameJavaAndClassPath() {
		JavaCommand command = JavaCommand.ofMainClass("com.example.Main").arguments(List.of("a", "-b", ""));
		assertThat(command.build()).startsWith(JAVA).endsWith("com.example.Main", "a", "-b", "").doesNotContain("-cp");
		assertThat(command.classPath()).contains(new File("target/classes").getAbsolutePath());
	}

	@Test
	void aJarIsNamedAbsolutelyAndHasNoOtherClassPath() {
		JavaCommand command = JavaCommand.ofJar(Path.of("some", "app.jar")).arguments(List.of("x"));
		assertThat(command.build()).startsWith(JAVA)
			.endsWith("-jar", Path.of("some", "app.jar").toAbsolutePath().toString(), "x");
		assertThat(command.classPath()).isNull();
	}

	@Test
	void aRelativeClassPathIsMadeAbsolute() {
		String here = Path.of("").toAbsolutePath().toString();
		assertThat(JavaCommand.absolute("classes" + File.pathSeparator + "/lib/a.jar" + File.pathSeparator))
			.isEqualTo(here + "/classes" + File.pathSeparator + "/lib/a.jar" + File.pathSeparator + here);
	}

	@Test
	void whatAWorkerNeedsIsThere() {
		assertThat(JavaCommand.ofMainClass("Main").build()).contains("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
				"--enable-native-access=ALL-UNNAMED", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData");
	}

	@Test
	void flagsOfTheUserComeLastAndWin() {
		List<String> command = JavaCommand.ofMainClass("Main")
			.maxHeap(64 << 20)
			.systemProperty("a", "b c")
			.jvmArguments(List.of("-Xmx1g", "-XX:-ExitOnOutOfMemoryError"))
			.build();
		assertThat(command).containsSubsequence("-XX:+ExitOnOutOfMemoryError", "-Xmx67108864", "-XX:+UseSerialGC",
				"-Da=b c", "-Xmx1g", "-XX:-ExitOnOutOfMemoryError", "Main");
	}

	@Test
	void theCollectorOfTheUserIsKept() {
		assertThat(
				JavaCommand.ofMainClass("Main").maxHeap(64 << 20).jvmArguments(List.of("-XX:+UseParallelGC")).build())
			.doesNotContain("-XX:+UseSerialGC");
	}

	@Test
	void aLargeHeapOrNoneLeavesTheCollectorToTheJvm() {
		assertThat(JavaCommand.ofMainClass("Main").maxHeap(2L << 30).build()).doesNotContain("-XX:+UseSerialGC");
		assertThat(JavaCommand.ofMainClass("Main").build()).doesNotContain("-XX:+UseSerialGC")
			.noneMatch((argument) -> argument.startsWith("-Xmx"));
	}

	@Test
	void anotherJavaHomeIsUsed() {
		assertThat(JavaCommand.ofMainClass("Main").javaHome(Path.of("/opt/jdk")).build())
			.startsWith("/opt/jdk/bin/java");
	}

}
