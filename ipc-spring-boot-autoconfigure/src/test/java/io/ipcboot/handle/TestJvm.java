package io.ipcboot.handle;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Command lines of JVMs that run a class of these tests.
 */
final class TestJvm {

	private TestJvm() {
	}

	static List<String> command(Class<?> mainClass, String... flags) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
		command.addAll(List.of(flags));
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName()));
		return command;
	}

	/**
	 * Run a JVM that has nothing on its standard input and fails, and return its output.
	 */
	static String run(Class<?> mainClass, String... flags) throws Exception {
		Process process = new ProcessBuilder(command(mainClass, flags)).redirectErrorStream(true).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isOne();
		return output;
	}

}
