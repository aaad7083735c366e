package io.ipcboot.autoconfigure;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.NothingLeftBehind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A main method starts several contexts, one after the other. A worker serves the one to
 * which its pool belongs.
 */
@Tag("process")
@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
class SeveralRunsTests {

	@TempDir
	private Path directory;

	@Test
	void eachPoolHasTheListenersOfItsContext() throws Exception {
		assertFacts(Both.class, Map.of("first", List.of("first", 0), "second", List.of("second", 0)));
	}

	@Test
	@Tag("long")
	void theFirstContextMayBeClosed() throws Exception {
		assertFacts(Prepared.class, Map.of("second", List.of("second", 0)));
	}

	@Test
	@Tag("long")
	void theSecondContextMayHaveAParent() throws Exception {
		assertFacts(Hierarchy.class, Map.of("first", List.of("first", 0), "second", List.of("second", 0)));
	}

	@Test
	@Tag("long")
	void aWorkerThatDoesNotGetThereSaysSo() throws Exception {
		assertThat(run(OnlyInTheParent.class)).isEqualTo(1);
		assertThat(output()).contains("The main method has ended, but has not started the context");
	}

	private void assertFacts(Class<?> main, Map<String, Object> expected) throws Exception {
		int exitCode = run(main);
		assertThat(exitCode).as(output()).isZero();
		assertThat(JsonMapper.shared().readValue(this.directory.resolve("facts").toFile(), Object.class))
			.isEqualTo(expected);
	}

	private int run(Class<?> main) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + this.directory, "-cp",
				System.getProperty("java.class.path"), main.getName(), "--facts=" + this.directory.resolve("facts"),
				"--ipc.pools.default.size=1", "--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1",
				"--spring.main.banner-mode=off")
			.redirectErrorStream(true)
			.redirectOutput(outputFile())
			.start();
		try {
			assertThat(process.waitFor(100, TimeUnit.SECONDS)).as("end of\n%s", output()).isTrue();
			return process.exitValue();
		}
		finally {
			process.destroy();
		}
	}

	private File outputFile() {
		return this.directory.resolve("output.txt").toFile();
	}

	private String output() throws Exception {
		return Files.readString(outputFile().toPath());
	}

	/** As a main method that knows of no worker. */
	static class Both {

		public static void main(String[] args) {
			try (ConfigurableApplicationContext first = SpringApplication.run(First.class, args);
					ConfigurableApplicationContext second = SpringApplication.run(Second.class, args)) {
				report(first, second);
			}
		}

		static void report(ConfigurableApplicationContext first, ConfigurableApplicationContext second) {
			write(second, Map.of("first", ask(first), "second", ask(second)));
		}

		static List<?> ask(ConfigurableApplicationContext context) {
			return context.getBean(ChildProcessTemplate.class).call("who", null, List.class);
		}

		static void write(ConfigurableApplicationContext context, Map<String, ?> facts) {
			JsonMapper.shared().writeValue(new File(context.getEnvironment().getRequiredProperty("facts")), facts);
		}

	}

	/** The first context is closed before the second one is started. */
	static class Prepared {

		public static void main(String[] args) {
			SpringApplication.run(First.class, args).close();
			try (ConfigurableApplicationContext second = SpringApplication.run(Second.class, args)) {
				Both.write(second, Map.of("second", Both.ask(second)));
			}
		}

	}

	static class Hierarchy {

		public static void main(String[] args) {
			try (ConfigurableApplicationContext first = SpringApplication.run(First.class, args);
					ConfigurableApplicationContext last = new SpringApplicationBuilder(Second.class)
						.web(WebApplicationType.NONE)
						.child(OnTop.class)
						.web(WebApplicationType.NONE)
						.run(args)) {
				Both.report(first, last);
				((ConfigurableApplicationContext) last.getParent()).close();
			}
		}

	}

	static class OnlyInTheParent {

		public static void main(String[] args) {
			SpringApplication.run(First.class, withoutPools(args)).close();
			if (IpcRole.current() == IpcRole.PARENT) {
				SpringApplication.run(Second.class, args).close();
			}
		}

		private static String[] withoutPools(String[] arguments) {
			List<String> all = new ArrayList<>(List.of(arguments));
			all.removeIf((argument) -> argument.startsWith("--ipc.pools."));
			return all.toArray(String[]::new);
		}

	}

	abstract static class Part {

		private static final AtomicInteger RUNS = new AtomicInteger();

		@Bean
		CommandLineRunner runner() {
			return (arguments) -> RUNS.incrementAndGet();
		}

		@IpcListener("who")
		List<Object> who() {
			return List.of(getClass().getSimpleName().toLowerCase(Locale.ROOT), RUNS.get());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class First extends Part {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Second extends Part {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class OnTop {

	}

}
