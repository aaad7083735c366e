package io.ipcboot.docs.firststeps;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the console output on the page "First steps" with the application's output.
 */
@Tag("process")
@Timeout(120)
class FirstStepsTests {

	private static final Path TRANSCRIPT = Path.of("src/test/resources/snippets/firststeps/console.txt");

	@Test
	void theApplicationPrintsWhatThePageShows() throws IOException, InterruptedException {
		List<String> printed = run();
		List<String> shown = Files.readAllLines(TRANSCRIPT)
			.stream()
			.filter((line) -> !line.contains("::console"))
			.map(FirstStepsTests::withoutNumbers)
			.toList();
		assertThat(printed).containsAll(shown);
		assertThat(only("Uploads", printed)).isEqualTo(only("Uploads", shown));
		assertThat(only("Worker ", printed)).isEqualTo(only("Worker ", shown));
	}

	/**
	 * Runs the application until the third call is answered, then ends it as Ctrl-C or a
	 * service manager does.
	 */
	private static List<String> run() throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Dspring.config.location=classpath:/snippets/firststeps/", "-cp",
				System.getProperty("java.class.path"), ArchiveApplication.class.getName(),
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1");
		Process process = builder.redirectErrorStream(true).start();
		List<String> lines = new ArrayList<>();
		try (BufferedReader reader = process.inputReader()) {
			int answers = 0;
			for (String line; (line = reader.readLine()) != null;) {
				lines.add(withoutNumbers(line));
				if (line.endsWith("letter.gz: 20000 bytes") && ++answers == 2) {
					process.toHandle().destroy();
				}
			}
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
			return lines;
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String withoutNumbers(String line) {
		return line.replaceAll("(\\d{4}-\\d\\d-\\d\\dT)?\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)?", "TIME")
			.replaceAll("pid \\d+", "pid N")
			.replaceAll("default/0 \\d+", "default/0 N")
			.replaceAll("after [\\d,]+ ms", "after N ms");
	}

	private static List<String> only(String text, List<String> lines) {
		return lines.stream().filter((line) -> line.contains(text)).toList();
	}

}
