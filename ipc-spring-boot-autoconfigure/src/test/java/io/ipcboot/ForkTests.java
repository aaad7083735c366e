package io.ipcboot;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.ipcboot.pool.WorkerStartException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What a forked JVM gets from its options.
 */
@ProcessTest
class ForkTests {

	private static final ParameterizedTypeReference<List<String>> STRINGS = new ParameterizedTypeReference<>() {
	};

	private static final ParameterizedTypeReference<Map<String, String>> STRING_MAP = new ParameterizedTypeReference<>() {
	};

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void anotherMainClassIsAProcessOfItsOwn() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class));
		assertThat(child.pid()).isNotEqualTo(ProcessHandle.current().pid());
		assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
		assertThat(child.isAlive()).isTrue();
		assertThat(child.isConnected()).isTrue();
		assertThat(child.isWritable()).isTrue();
		assertThat(child).hasToString("process (pid " + child.pid() + ")");
	}

	@Test
	void argumentsArriveAsTheyAre() {
		String[] arguments = { "plain", "", " with  spaces ", "ünï©ødé 🎈", "-Dlooks=like a flag",
				"$HOME `x` \"y\" 'z'", "line\nbreak", "@file", "*" };
		ChildProcess child = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).environment("LC_ALL", "C.UTF-8").arguments(arguments));
		assertThat(child.call("arguments", null, STRINGS)).containsExactly(arguments);
	}

	@Test
	void theJvmIsConfigured(@TempDir Path directory) {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class)
			.directory(directory)
			.systemProperty("colour", "dark green")
			.jvmArguments("-Dflag=last one wins", "-XX:MaxMetaspaceSize=200m")
			.maxHeap(DataSize.ofMegabytes(48))
			.environment("SET_FOR_CHILD", "a = b")
			.environment("PATH", null));
		assertThat(child.call("directory", null, String.class)).isEqualTo(directory.toString());
		assertThat(child.call("property", "colour", String.class)).isEqualTo("dark green");
		assertThat(child.call("property", "flag", String.class)).isEqualTo("last one wins");
		assertThat(child.call("flags", null, STRINGS)).contains("-XX:MaxMetaspaceSize=200m", "-XX:+UseSerialGC");
		assertThat(child.call("max-heap", null, Long.class)).isBetween(40L << 20, 48L << 20);
		assertThat(child.call("environment", null, STRING_MAP)).containsEntry("SET_FOR_CHILD", "a = b")
			.containsEntry("HOME", System.getenv("HOME"))
			.doesNotContainKey("PATH");
	}

	@Test
	void standardInputIsEmpty() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class));
		assertThat(child.call("input", null, Integer.class)).isEqualTo(-1);
	}

	@Test
	void aJarIsForked(@TempDir Path directory) throws IOException {
		Path jar = directory.resolve("my app.jar");
		writeJar(jar);
		ChildProcess child = this.processes.fork(ForkOptions.jar(jar).arguments("a", "b"));
		assertThat(child.call("property", "java.class.path", String.class)).isEqualTo(jar.toString());
		assertThat(child.call("arguments", null, STRINGS)).containsExactly("a", "b");
	}

	@Test
	void aJarWithARelativeNameIsFoundFromAnotherDirectory(@TempDir Path directory) throws IOException {
		Path jar = directory.resolve("app.jar");
		writeJar(jar);
		Path relative = Path.of("").toAbsolutePath().relativize(jar);
		ChildProcess child = this.processes.fork(ForkOptions.jar(relative).directory(directory));
		assertThat(child.call("directory", null, String.class)).isEqualTo(directory.toString());
	}

	@Test
	void aRelativeClassPathIsFoundFromAnotherDirectory(@TempDir Path directory) throws IOException {
		Path here = Path.of("").toAbsolutePath();
		String relative = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> here.relativize(Path.of(entry).toAbsolutePath()).toString())
			.collect(Collectors.joining(File.pathSeparator));
		withClassPath(relative, () -> {
			ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class).directory(directory));
			assertThat(child.call("directory", null, String.class)).isEqualTo(directory.toString());
		});
	}

	@Test
	void aVeryLongClassPathStandsInAFileUntilTheChildIsReady(@TempDir Path directory) throws IOException {
		Path odd = Files.createDirectories(directory.resolve("it's \"odd\" \\ #1 é"));
		Files.writeString(odd.resolve("resource"), "found");
		String missing = IntStream.range(0, 4000)
			.mapToObj((i) -> directory.resolve("no such directory " + i).toString())
			.collect(Collectors.joining(File.pathSeparator));
		String classPath = System.getProperty("java.class.path") + File.pathSeparator + missing + File.pathSeparator
				+ odd;
		assertThat(classPath.length()).isGreaterThan(128 * 1024);
		Set<Path> before = argumentFiles();
		withClassPath(classPath, () -> {
			ChildProcess child = this.processes
				.start(StandaloneTemplate.child(TestChild.class).environment("LC_ALL", "C.UTF-8"));
			Set<Path> files = argumentFiles();
			files.removeAll(before);
			assertThat(files).singleElement().satisfies((file) -> {
				assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
				child.onReady().join();
				assertThat(file).doesNotExist();
			});
			assertThat(child.call("property", "java.class.path", String.class)).endsWith(odd.toString());
			assertThat(child.call("resource", "/resource", String.class)).isEqualTo("found");
		});
		withClassPath(missing, () -> {
			assertThatExceptionOfType(WorkerStartException.class)
				.isThrownBy(() -> this.processes.fork(StandaloneTemplate.child(TestChild.class)))
				.withMessageContaining("Could not find or load main class");
			assertThat(argumentFiles()).isSubsetOf(before);
			assertThatExceptionOfType(WorkerStartException.class)
				.isThrownBy(() -> this.processes.fork(StandaloneTemplate.child(TestChild.class).javaHome(directory)))
				.withMessageContaining(directory + "/bin/java");
			assertThat(argumentFiles()).isSubsetOf(before);
		});
	}

	@Test
	void anotherJavaIsUsed() throws IOException {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class).javaHome(otherJava()));
		assertThat(child.call("property", "java.specification.version", String.class))
			.isNotEqualTo(System.getProperty("java.specification.version"));
		assertThat(child.call("sum", List.of(1, 2), Integer.class)).isEqualTo(3);
	}

	/** Another installation than that of this JVM, of version 17 or later. */
	private static Path otherJava() throws IOException {
		Path own = Path.of(System.getProperty("java.home")).toRealPath();
		List<Path> others = new ArrayList<>();
		try (DirectoryStream<Path> homes = Files.newDirectoryStream(own.getParent())) {
			for (Path home : homes) {
				Path release = home.resolve("release");
				if (Files.exists(home.resolve("bin/java")) && Files.exists(release) && !home.toRealPath().equals(own)
						&& Files.readString(release).matches("(?s).*JAVA_VERSION=\"(1[7-9]|[2-9]\\d).*")) {
					others.add(home);
				}
			}
		}
		assumeThat(others).as("other Java installations").isNotEmpty();
		return others.get(0);
	}

	/** A jar with the class and, in its manifest, everything that it needs. */
	private static void writeJar(Path jar) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, TestChild.class.getName());
		manifest.getMainAttributes()
			.put(Attributes.Name.CLASS_PATH,
					Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
						.map((entry) -> Path.of(entry).toUri().toString())
						.collect(Collectors.joining(" ")));
		String entry = TestChild.class.getName().replace('.', '/') + ".class";
		try (OutputStream out = Files.newOutputStream(jar);
				JarOutputStream entries = new JarOutputStream(out, manifest);
				InputStream code = TestChild.class.getResourceAsStream("/" + entry)) {
			entries.putNextEntry(new JarEntry(entry));
			entries.write(code.readAllBytes());
		}
	}

	/** They lie in the private directories of processes, and go with those. */
	private static Set<Path> argumentFiles() throws IOException {
		Set<Path> files = new HashSet<>();
		try (DirectoryStream<Path> directories = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")),
				"ipc-worker-" + ProcessHandle.current().pid() + "-*")) {
			for (Path directory : directories) {
				try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "ipc-*.args")) {
					found.forEach(files::add);
				}
			}
		}
		return files;
	}

	private static void withClassPath(String classPath, Step step) throws IOException {
		String own = System.setProperty("java.class.path", classPath);
		try {
			step.run();
		}
		finally {
			System.setProperty("java.class.path", own);
		}
	}

	private interface Step {

		void run() throws IOException;

	}

}
