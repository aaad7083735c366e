package io.ipcboot.docs.reference;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.docs.guide.GuideApplication;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Runs the recipes of the page "Security" where their programs and rights are available.
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
			assertThat(niceOf(pid)).isEqualTo(Math.min(19, niceOf(ProcessHandle.current().pid()) + 5));
		});
	}

	/** proc_pid_stat(5) */
	private static int niceOf(long pid) throws IOException {
		String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
		return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
	}

	@Test
	void aWorkerIsAnotherUser() throws IOException {
		assumeThat(isOnPath("setpriv")).isTrue();
		assumeThat(System.getProperty("user.name")).isEqualTo("root");
		assumeThat(isReadableForAll(Path.of("target/test-classes"))).isTrue();
		run("other-user", (pid) -> assertThat(Files.getOwner(Path.of("/proc", Long.toString(pid))).getName())
			.isEqualTo("nobody"));
	}

	@Test
	void aWorkerIsInASandbox(@TempDir Path directory) throws IOException {
		Path secret = Files.createFile(directory.resolve("secret"));
		assumeThat(isOnPath("bwrap")).isTrue();
		assumeThat(isPermitted("bwrap", "--ro-bind", "/", "/", "--unshare-all", "true")).isTrue();
		// the class path in place of the application; bound last, as the recipe hides
		// /tmp
		String bind = Stream
			.concat(Stream.of(System.getProperty("java.home")),
					Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
			.filter((entry) -> !entry.startsWith("/usr/") && Files.exists(Path.of(entry)))
			.map((entry) -> "--ro-bind %1$s %1$s".formatted(entry))
			.collect(Collectors.joining(" "));
		String application = " --ro-bind /srv/app /srv/app";
		assertThat(commandPrefix("sandbox")).contains(application);
		String prefix = commandPrefix("sandbox").replace(application, "") + " " + bind;
		run("sandbox", (pidInside) -> {
			assertThat(pidInside).isLessThan(100);
			List<Path> sandboxed = ProcessHandle.current()
				.descendants()
				.map((process) -> Path.of("/proc", Long.toString(process.pid())))
				.filter((process) -> !namespace(process, "pid").equals(namespace(Path.of("/proc/self"), "pid")))
				.toList();
			assertThat(sandboxed).isNotEmpty().allSatisfy((process) -> {
				assertThat(namespace(process, "net")).isNotEqualTo(namespace(Path.of("/proc/self"), "net"));
				assertThat(process.resolve("root/usr")).exists();
				assertThat(process.resolve("root" + secret)).doesNotExist();
			});
		}, "--ipc.pools.sandbox.command-prefix=" + prefix);
	}

	private static String namespace(Path process, String kind) {
		try {
			return Files.readSymbolicLink(process.resolve("ns").resolve(kind)).toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isPermitted(String... command) throws IOException {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The command prefix that the page shows. */
	private static String commandPrefix(String pool) throws IOException {
		PropertySource<?> page = new YamlPropertySourceLoader()
			.load("page", new ClassPathResource("snippets/security/application.yml"))
			.get(0);
		return String.valueOf(page.getProperty("ipc.pools." + pool + ".command-prefix"));
	}

	private static void run(String pool, Check check, String... options) throws IOException {
		SpringApplication application = new SpringApplicationBuilder(GuideApplication.class)
			.properties("spring.config.location=classpath:/snippets/security/", "ipc.pools.plain.size=0",
					"ipc.pools.limited.size=0", "ipc.pools.other-user.size=0", "ipc.pools.sandbox.size=0",
					"ipc.pools.default.size=0", "ipc.pools.plain.jvm-args=-XX:TieredStopAtLevel=1",
					"ipc.pools.limited.jvm-args=-XX:TieredStopAtLevel=1")
			.build();
		String[] arguments = Stream.concat(Stream.of("--ipc.pools." + pool + ".size=1"), Stream.of(options))
			.toArray(String[]::new);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
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
