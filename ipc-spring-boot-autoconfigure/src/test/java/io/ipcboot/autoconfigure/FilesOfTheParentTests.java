package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.NothingLeftBehind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.ApplicationPidFileWriter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S44: what is for the parent alone, its workers leave alone.
 */
@Tag("process")
@ExtendWith(NothingLeftBehind.class)
@Timeout(400)
class FilesOfTheParentTests {

	private static final Duration PATIENCE = Duration.ofSeconds(180);

	@TempDir
	private Path directory;

	private final List<Process> services = new ArrayList<>();

	@AfterEach
	void endAll() throws InterruptedException {
		for (Process service : this.services) {
			// in order, so that it removes its own files
			service.destroy();
			if (!service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				service.destroyForcibly().onExit().join();
			}
		}
	}

	enum Place {

		ARGUMENT, PROPERTY_FILE

	}

	@ParameterizedTest
	@EnumSource(Place.class)
	@Tag("long")
	void s44ThePidFileOfTheParentIsNotOverwritten(Place place) throws IOException {
		Path pidFile = this.directory.resolve("service.pid");
		List<String> arguments = new ArrayList<>();
		switch (place) {
			case ARGUMENT -> arguments.add("--spring.pid.file=" + pidFile);
			case PROPERTY_FILE ->
				Files.writeString(this.directory.resolve("application.properties"), "spring.pid.file=" + pidFile);
		}
		Process service = start(Map.of(), arguments);
		long worker = awaitWorker();
		assertThat(worker).isNotEqualTo(service.pid());
		assertThat(pidFile).hasContent(Long.toString(service.pid()));
	}

	@Test
	void s44WhatTheEnvironmentSaysIsForTheParentAlone() throws IOException {
		Path pidFile = this.directory.resolve("service.pid");
		Path jar = this.directory.resolve("agent.jar");
		RecordingAgent.writeTo(jar);
		Path record = this.directory.resolve("agent.txt");
		// a worker that inherited it could not start, as the port is taken
		String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:"
				+ freePort();
		Process service = start(Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + jar + "=" + record, "JDK_JAVA_OPTIONS",
				debugger, "_JAVA_OPTIONS", "-Dfor.the.parent=alone", "SPRING_PID_FILE", pidFile.toString()), List.of());
		long worker = awaitWorker();
		assertThat(worker).isNotEqualTo(service.pid());
		assertThat(pidFile).hasContent(Long.toString(service.pid()));
		assertThat(Files.readAllLines(record)).as("JVMs that the agent runs in")
			.containsExactly(Long.toString(service.pid()));
		assertThat(Files.readString(Path.of("/proc/" + worker + "/environ"))).doesNotContain("-javaagent")
			.doesNotContain("jdwp")
			.doesNotContain("for.the.parent");
	}

	private Process start(Map<String, String> environment, List<String> arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
				"-Djava.io.tmpdir=" + Files.createDirectories(this.directory.resolve("tmp")), "-cp",
				System.getProperty("java.class.path"), Service.class.getName(), "--ipc.pools.default.size=1",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1", "--spring.main.web-application-type=none",
				"--spring.main.banner-mode=off", "--worker.pid.file=" + workerFile()));
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.redirectError(ProcessBuilder.Redirect.DISCARD);
		builder.environment().putAll(environment);
		Process service = builder.start();
		this.services.add(service);
		return service;
	}

	private Path workerFile() {
		return this.directory.resolve("worker.txt");
	}

	private long awaitWorker() throws IOException {
		Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(workerFile()) && Files.size(workerFile()) > 0);
		return Long.parseLong(Files.readString(workerFile()));
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(WorkerSide.class)
	static class Service {

		public static void main(String[] args) {
			SpringApplication application = new SpringApplication(Service.class);
			application.addListeners(new ApplicationPidFileWriter());
			application.run(args);
		}

		@Bean
		@ConditionalOnIpcRole(IpcRole.PARENT)
		ApplicationRunner reporter(ChildProcessTemplate template, Environment environment) {
			return (arguments) -> {
				Path file = Path.of(environment.getRequiredProperty("worker.pid.file"));
				Path written = Files.writeString(file.resolveSibling("worker.tmp"),
						template.call("pid", null, Long.class).toString());
				Files.move(written, file);
			};
		}

	}

	static class WorkerSide {

		@IpcListener("pid")
		long pid() {
			return ProcessHandle.current().pid();
		}

	}

}
