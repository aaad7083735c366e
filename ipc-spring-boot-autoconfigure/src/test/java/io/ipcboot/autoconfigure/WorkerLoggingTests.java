package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.NothingLeftBehind;
import io.ipcboot.pool.WorkerLostException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the workers of an application log, in the output of the application.
 */
@Tag("process")
@ExtendWith(NothingLeftBehind.class)
@Timeout(400)
class WorkerLoggingTests {

	private static final String LOGGER = "com.example.Orders";

	@TempDir
	private Path directory;

	@BeforeEach
	void hideTheConfigurationOfTheTests() throws IOException {
		write("application.properties", "spring.main.web-application-type=none", "spring.main.banner-mode=off",
				"ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1", "logging.level.com.example=debug");
	}

	@Test
	void whatAWorkerLogsIsInTheLogOfItsParentOnce() throws Exception {
		List<String> lines = run(
				"--logging.pattern.console=%p|%t|%logger|%X{ipc.pool}/%X{ipc.slot}|%X{traceId}|${PID}|%m%n%ex",
				"--crash=default");
		String worker = pid(lines, "default");
		String parent = lines.stream().filter((line) -> line.startsWith("INFO|main|")).findFirst().orElseThrow();
		assertThat(lines)
			.containsOnlyOnce("ERROR|an-order|%s|default/0|4711|%s|[default/0 %s] the order failed".formatted(LOGGER,
					parent.split("\\|")[5], worker))
			.containsOnlyOnce("java.lang.IllegalStateException: outer, é")
			.containsOnlyOnce("Caused by: java.io.IOException: inner")
			.containsOnlyOnce("\t2026-01-01 ERROR forged cause")
			.doesNotContain("2026-01-01 ERROR forged cause");
		assertThat(lines).filteredOn((line) -> line.startsWith("\tat " + Application.class.getName() + ".fail("))
			.hasSize(1);
		assertThat(lines).containsOnlyOnce("DEBUG|an-order|%s|default/0||%s|[default/0 %s] in detail".formatted(LOGGER,
				parent.split("\\|")[5], worker));
		// what a message has cannot be taken for lines of the parent
		List<String> logged = lines.stream().filter((line) -> !line.startsWith("last: ")).toList();
		assertThat(logged).containsOnlyOnce("\t2026-01-01 ERROR forged\\u001b[2J\\u000d2026-01-01 ERROR forged too")
			.noneMatch((line) -> line.contains("\u001b"));
		assertThat(logged).filteredOn((line) -> line.contains("forged")).allMatch((line) -> line.startsWith("\t"));
		// plain lines, of which one is not complete when an event follows
		assertThat(lines).anyMatch((line) -> isPlain(line, "INFO", "printed"))
			.anyMatch((line) -> isPlain(line, "WARN", "printed to standard error"))
			.anyMatch((line) -> isPlain(line, "INFO", "begun"));
		assertThat(lines.stream().filter((line) -> line.startsWith("last: ")).toList())
			.anyMatch((line) -> line.endsWith(" ERROR [an-order] %s : the order failed".formatted(LOGGER)))
			.contains("last: Caused by: java.io.IOException: inner", "last: printed");
	}

	private static boolean isPlain(String line, String level, String text) {
		return line.startsWith(level + "|") && line.contains("|ipc.worker.default.0|default/0|")
				&& line.endsWith("] " + text);
	}

	@Test
	void structuredEventsAreDocumentsOfTheParent() throws Exception {
		// what the console of the parent leaves out is not decided in the worker
		append("application.properties", "logging.structured.format.console=ecs", "logging.threshold.console=debug");
		List<JsonNode> events = events(run());
		assertThat(worker(events, "default", "the order failed")).singleElement().satisfies((event) -> {
			assertThat(event.at("/log/level").asString()).isEqualTo("ERROR");
			assertThat(event.at("/log/logger").asString()).isEqualTo(LOGGER);
			assertThat(event.at("/process/thread/name").asString()).isEqualTo("an-order");
			assertThat(event.at("/traceId").asString()).isEqualTo("4711");
			assertThat(event.at("/ipc/slot").asString()).isEqualTo("0");
			assertThat(event.at("/ipc/pid").asString()).isNotEqualTo(event.at("/process/pid").asString()).isNotEmpty();
			assertThat(event.at("/error/type").asString()).isEqualTo("java.lang.IllegalStateException");
			assertThat(event.at("/error/message").asString()).isEqualTo("outer, é");
			assertThat(event.at("/error/stack_trace").asString())
				.startsWith("java.lang.IllegalStateException: outer, é\n\tat " + Application.class.getName())
				.contains("\nCaused by: java.io.IOException: inner");
		});
		assertThat(worker(events, "default", "printed")).singleElement()
			.satisfies((event) -> assertThat(event.at("/log/logger").asString()).isEqualTo("ipc.worker.default.0"));
	}

	@Test
	@Tag("long")
	void aFormatThatIsMeantForWorkersCounts() throws Exception {
		append("application.properties", "logging.structured.format.console=ecs",
				"ipc.pools.own.properties.logging.config=" + write("own.xml",
						"<configuration><appender name='A' class='ch.qos.logback.core.ConsoleAppender'><encoder>",
						"<pattern>OWN %p %m%n</pattern></encoder></appender>",
						"<root level='INFO'><appender-ref ref='A'/></root></configuration>"),
				"ipc.pools.pattern.properties.logging.structured.format.console=",
				"ipc.pools.pattern.properties.logging.pattern.console=PATTERN %p %m%n",
				"ipc.pools.inherited.output=inherit", "ipc.pools.discarded.output=discard");
		List<String> lines = run();
		assertThat(lines).contains("printed", "printed to standard error");
		List<JsonNode> events = events(lines);
		assertThat(worker(events, "default", "the order failed")).hasSize(1);
		assertThat(worker(events, "own", "OWN ERROR the order failed")).hasSize(1);
		assertThat(worker(events, "pattern", "PATTERN ERROR the order failed")).hasSize(1);
		assertThat(worker(events, "inherited", "the order failed")).singleElement().satisfies((event) -> {
			assertThat(event.at("/service/node/name").asString()).isEqualTo("inherited/0");
			assertThat(event.at("/ipc/pid").isMissingNode()).isTrue();
		});
		assertThat(worker(events, "discarded", "the order failed")).isEmpty();
	}

	/**
	 * Return the documents; what a worker with the same streams prints is none, nor that
	 * JDK 24 and later warn of native code.
	 */
	private static List<JsonNode> events(List<String> lines) {
		return lines.stream()
			.filter((line) -> !line.startsWith("pid ") && !line.startsWith("printed") && !line.startsWith("WARNING: "))
			.map((line) -> line.startsWith("begun{") ? line.substring("begun".length()) : line)
			.map((line) -> JsonMapper.shared().readTree(line))
			.toList();
	}

	private static List<JsonNode> worker(List<JsonNode> events, String pool, String message) {
		return events.stream()
			.filter((event) -> event.at("/ipc/pool").asString("").equals(pool))
			.filter((event) -> event.at("/message").asString().equals(message))
			.toList();
	}

	private static String pid(List<String> lines, String pool) {
		String begin = "pid %s ".formatted(pool);
		return lines.stream()
			.filter((line) -> line.startsWith(begin))
			.findFirst()
			.orElseThrow()
			.substring(begin.length());
	}

	private List<String> run(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Dstdout.encoding=UTF-8", "-Djava.io.tmpdir=" + this.directory, "-cp",
						System.getProperty("java.class.path"), Application.class.getName()));
		command.addAll(List.of(arguments));
		Path output = this.directory.resolve("output.txt");
		Process process = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("end of\n%s", Files.readString(output)).isTrue();
			assertThat(process.exitValue()).as("exit code of\n%s", Files.readString(output)).isZero();
		}
		finally {
			process.destroy();
		}
		return Files.readAllLines(output);
	}

	private Path write(String file, String... lines) throws IOException {
		return Files.write(this.directory.resolve(file), List.of(lines));
	}

	private void append(String file, String... lines) throws IOException {
		Path path = this.directory.resolve(file);
		Files.write(path, Stream.concat(Files.readAllLines(path).stream(), Stream.of(lines)).toList());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private static final Logger logger = LoggerFactory.getLogger(LOGGER);

		public static void main(String[] args) {
			System.exit(SpringApplication.exit(SpringApplication.run(Application.class, args)));
		}

		@Bean
		@ConditionalOnIpcRole(IpcRole.PARENT)
		CommandLineRunner calls(ChildProcessTemplate workers, IpcProperties properties, Environment environment) {
			return (args) -> {
				for (String pool : properties.pools().keySet()) {
					System.out.println("pid %s %d".formatted(pool, workers.pool(pool).call("log", null, Long.class)));
				}
				String crash = environment.getProperty("crash");
				if (crash != null) {
					try {
						workers.pool(crash).call("crash", null, Long.class);
					}
					catch (WorkerLostException ex) {
						ex.getExit().lastLines().forEach((line) -> System.out.println("last: " + line));
					}
				}
			};
		}

		@IpcListener("log")
		long log() {
			Thread.currentThread().setName("an-order");
			MDC.put("traceId", "4711");
			logger.error("the order failed", fail(new IOException("inner\n2026-01-01 ERROR forged cause")));
			MDC.clear();
			logger.debug("in detail");
			logger.info("one line\n2026-01-01 ERROR forged\u001b[2J\r2026-01-01 ERROR forged too");
			System.out.println("printed");
			System.err.println("printed to standard error");
			System.out.print("begun");
			logger.info("after an incomplete line");
			return ProcessHandle.current().pid();
		}

		@IpcListener("crash")
		void crash() {
			Runtime.getRuntime().halt(3);
		}

		private static Exception fail(Exception cause) {
			return new IllegalStateException("outer, é", cause);
		}

	}

}
