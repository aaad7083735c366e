package io.ipcboot.docs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.docs.guide.GuideApplication;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The recipes of the page "Security", tried where their programs and rights are there.
 */
@Tag("process")
@Timeout(120)
class SecurityRecipesTests {

	@Test
	void aWorkerHasOnlyTheVariablesThatAreNamed() throws IOException {
		run("plain", (pid) -> {
			String environment = Files.readString(Path.of("/proc", Long.toString(pid), "environ"));
			assertThat(Stream.of(environment.split("\0")).map((variable) -> variable.replaceAll("=.*", "")))
				.allMatch((name) -> name.matches("PATH|LANG|LC_.*|TZ|IPC_.*"));
		});
	}

	@Test
	void aWorkerHasLimits() throws IOException {
		assumeThat(isOnPath("prlimit")).isTrue();
		run("limited", (pid) -> {
			assertThat(Files.readAllLines(Path.of("/proc", Long.toString(pid), "limits")))
				.anyMatch((line) -> line.matches("Max open files\\s+256\\s+256\\s+files.*"));
			String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
			assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]).isEqualTo("5");
		});
	}

	@Test
	void aWorkerIsAnotherUser() throws IOException {
		assumeThat(isOnPath("setpriv")).isTrue();
		assumeThat(System.getProperty("user.name")).isEqualTo("root");
		assumeThat(isReadableForAll(Path.of("target/test-classes"))).isTrue();
		run("other-user", (pid) -> assertThat(Files.getOwner(Path.of("/proc", Long.toString(pid))).getName())
			.isEqualTo("nobody"));
	}

	private static void run(String pool, Check check) throws IOException {
		SpringApplication application = new SpringApplicationBuilder(GuideApplication.class)
			.properties("spring.config.location=classpath:/snippets/security/", "ipc.pools.plain.size=0",
					"ipc.pools.limited.size=0", "ipc.pools.other-user.size=0", "ipc.pools.sandbox.size=0",
					"ipc.pools.default.size=0")
			.build();
		try (ConfigurableApplicationContext context = application.run("--ipc.pools." + pool + ".size=1")) {
			ChildProcessTemplate workers = context.getBean(ChildProcessTemplate.class);
			check.accept(workers.to(pool).call("look-up", "x", Long.class));
		}
	}

	private static boolean isOnPath(String program) {
		return Stream.of(System.getenv("PATH").split(":"))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, program)));
	}

	private static boolean isReadableForAll(Path path) throws IOException {
		for (Path part = path.toRealPath(); part != null; part = part.getParent()) {
			if (!Files.getPosixFilePermissions(part).toString().contains("OTHERS_EXECUTE")) {
				return false;
			}
		}
		return Files.isReadable(Path.of(System.getProperty("user.home")))
				&& Files.getPosixFilePermissions(Path.of(System.getProperty("user.home")))
					.toString()
					.contains("OTHERS");
	}

	@FunctionalInterface
	private interface Check {

		void accept(long pid) throws IOException;

	}

}
