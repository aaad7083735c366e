package io.ipcboot;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A deployment changes the files of an application that runs and forks itself.
 */
@ProcessTest
class ChangedCodeTests {

	private static final String SAME = "answer: parent 1, worker 1";

	@TempDir
	private Path directory;

	private @Nullable Process application;

	private @Nullable BufferedReader output;

	private final List<String> printed = new ArrayList<>();

	@AfterEach
	void end() throws Exception {
		this.application.getOutputStream().close();
		assertThat(this.application.waitFor(30, TimeUnit.SECONDS)).isTrue();
		try (Stream<Path> files = Files.list(this.directory.resolve("tmp"))) {
			assertThat(files).as("files that were left").isEmpty();
		}
	}

	@Test
	void workersRunTheArchiveThatWasReplaced() throws IOException {
		Path jar = jar("app.jar", "1", "");
		start(jar);
		assertThat(fork()).isEqualTo(SAME);
		Files.move(jar("next.jar", "2", ""), jar, StandardCopyOption.REPLACE_EXISTING);
		assertThat(fork()).isEqualTo(SAME);
		assertThat(this.printed).anyMatch(
				(line) -> line.contains(jar + " was replaced since this application started; new workers run from"));
		assertThat(fork()).as("from the same copy").isEqualTo(SAME);
		assertThat(this.printed).filteredOn((line) -> line.contains("was replaced since")).hasSize(1);
	}

	@Test
	void workersRunTheArchiveThatWasRenamedOrDeleted() throws IOException {
		Path jar = jar("app", "1", "");
		start(jar);
		Files.move(jar, this.directory.resolve("app.old"));
		jar("app", "2", "");
		assertThat(fork()).isEqualTo(SAME);
		Files.delete(this.directory.resolve("app.old"));
		Files.delete(jar);
		assertThat(fork()).isEqualTo(SAME);
	}

	@Test
	void workersRunTheReleaseToWhichALinkLed() throws IOException {
		Files.createDirectories(this.directory.resolve("release-1"));
		Files.createDirectories(this.directory.resolve("release-2"));
		jar("release-1/app.jar", "1", "");
		jar("release-2/app.jar", "2", "");
		Path current = Files.createSymbolicLink(this.directory.resolve("current"), Path.of("release-1"));
		start(current.resolve("app.jar"));
		Files.delete(current);
		Files.createSymbolicLink(current, Path.of("release-2"));
		assertThat(fork()).isEqualTo(SAME);
		assertThat(this.printed).noneMatch((line) -> line.contains("was replaced since"));
	}

	@Test
	void workersRunTheLibraryOfAnExtractedArchiveThatWasReplaced() throws IOException {
		Files.createDirectories(this.directory.resolve("lib"));
		Path library = jar("lib/version.jar", "1", "");
		start(jar("app.jar", null, "lib/version.jar "));
		assertThat(fork()).isEqualTo(SAME);
		Files.move(jar("next.jar", "2", ""), library, StandardCopyOption.REPLACE_EXISTING);
		assertThat(fork()).isEqualTo(SAME);
	}

	@Test
	void noWorkerStartsFromAnArchiveThatWasOverwritten() throws IOException {
		Path jar = jar("app.jar", "1", "");
		byte[] before = Files.readAllBytes(jar);
		start(jar);
		assertThat(fork()).isEqualTo(SAME);
		Files.write(jar, Files.readAllBytes(jar("next.jar", "another version", "")));
		assertThat(fork()).contains("refused: ")
			.contains("The code of this application has changed since it started: " + jar + " was overwritten.")
			.contains("Restart the application");
		Files.write(jar, before);
		assertThat(fork()).as("with the same content").isEqualTo(SAME);
	}

	@Test
	void anArchiveThatOnlyHasAnotherTimeIsTheSame() throws IOException {
		Path jar = jar("app.jar", "1", "");
		start(jar);
		Path copy = Files.copy(jar, this.directory.resolve("copy"));
		Files.move(copy, jar, StandardCopyOption.REPLACE_EXISTING);
		assertThat(fork()).isEqualTo(SAME);
		assertThat(this.printed).noneMatch((line) -> line.contains("was replaced since"));
	}

	private void start(Path jar) throws IOException {
		Path temporary = Files.createDirectory(this.directory.resolve("tmp"));
		this.application = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary, "--enable-native-access=ALL-UNNAMED",
				"-jar", jar.toString())
			.redirectErrorStream(true)
			.start();
		this.output = this.application.inputReader(StandardCharsets.UTF_8);
		readUntil("ready");
	}

	/** Let the application fork itself. */
	private String fork() throws IOException {
		this.application.getOutputStream().write('\n');
		this.application.getOutputStream().flush();
		return readUntil("answer: ");
	}

	private String readUntil(String beginning) throws IOException {
		String line;
		while ((line = this.output.readLine()) != null) {
			this.printed.add(line);
			if (line.startsWith(beginning)) {
				return line;
			}
		}
		throw new IOException("The application has ended:\n" + String.join("\n", this.printed));
	}

	private Path jar(String name, @Nullable String version, String libraries) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, SelfForkMain.class.getName());
		manifest.getMainAttributes()
			.put(Attributes.Name.CLASS_PATH,
					libraries + Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
						.map((entry) -> Path.of(entry).toUri().toString())
						.collect(Collectors.joining(" ")));
		Path jar = this.directory.resolve(name);
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream entries = new JarOutputStream(file, manifest)) {
			if (version != null) {
				entries.putNextEntry(new JarEntry(SelfForkMain.VERSION_FILE));
				entries.write(version.getBytes(StandardCharsets.UTF_8));
			}
		}
		return jar;
	}

}
