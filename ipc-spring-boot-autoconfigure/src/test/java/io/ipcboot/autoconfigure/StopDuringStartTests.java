package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.ipcboot.IpcRole;
import io.ipcboot.NothingLeftBehind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application is told to stop while its workers start, which may take a while.
 */
@Tag("process")
@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
class StopDuringStartTests {

	/** Far less than what a worker may take to get ready. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@TempDir
	private Path directory;

	private Process service;

	@AfterEach
	void end() {
		this.service.destroyForcibly().onExit().join();
	}

	/** The workers of a pool of five wait for their turn while the first ones hang. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 5 })
	void theStartIsBrokenOffAndNothingIsLeft(int size) throws Exception {
		Path temporary = Files.createDirectory(this.directory.resolve("tmp"));
		Path started = this.directory.resolve("worker.started");
		Path output = this.directory.resolve("output.txt");
		this.service = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary, "-cp",
				System.getProperty("java.class.path"), SlowStart.class.getName(), "--ipc.pools.default.size=" + size,
				"--ipc.parallel-starts=2", "--ipc.ready-timeout=10m",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1", "--spring.main.web-application-type=none",
				"--spring.main.banner-mode=off", "--worker.file=" + started)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(started));
		assertThat(entries(temporary)).anyMatch((file) -> file.startsWith("ipc-"));
		List<ProcessHandle> workers = this.service.children().toList();
		assertThat(workers).isNotEmpty().hasSizeLessThanOrEqualTo(2);
		this.service.destroy();
		assertThat(this.service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("it has ended").isTrue();
		assertThat(workers).noneMatch(ProcessHandle::isAlive);
		assertThat(entries(temporary)).noneMatch((file) -> file.startsWith("ipc-"));
		assertThat(Files.readString(output, StandardCharsets.UTF_8))
			.contains("Starting the pools [default] was aborted because the application is shutting down");
	}

	private static List<String> entries(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class SlowStart {

		public static void main(String[] args) {
			SpringApplication.run(SlowStart.class, args);
		}

		@Bean
		@ConditionalOnIpcRole(IpcRole.WORKER)
		Object neverReady(Environment environment) throws Exception {
			Files.write(Path.of(environment.getRequiredProperty("worker.file")), new byte[0]);
			new CountDownLatch(1).await();
			return this;
		}

	}

}
