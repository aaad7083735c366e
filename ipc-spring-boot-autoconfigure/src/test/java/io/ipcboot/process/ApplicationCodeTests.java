package io.ipcboot.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How an application was started, told from what its JVM knows.
 */
class ApplicationCodeTests {

	private final String started = System.getProperty("sun.java.command");

	private final String classPath = System.getProperty("java.class.path");

	@TempDir
	private Path directory;

	@AfterEach
	void restore() {
		System.setProperty("sun.java.command", this.started);
		System.setProperty("java.class.path", this.classPath);
	}

	@ParameterizedTest
	@ValueSource(strings = { "app.jar", "app.war", "app", "my app.v2" })
	void anExecutableArchiveIsStartedAgainWhateverItsName(String name) throws IOException {
		Path archive = archive(name, "com.example.Main");
		started(archive.toString(), archive + " --port=1");
		assertThat(ApplicationCode.ofThisProcess().command("com.example.Other").build()).endsWith("-jar",
				archive.toString());
		started(archive.toString(), archive.toString());
		assertThat(ApplicationCode.ofThisProcess().command(null).build()).endsWith("-jar", archive.toString());
	}

	@Test
	void aClassThatRunsFromAnArchiveIsNotTheArchive() throws IOException {
		Path archive = archive("app.jar", "com.example.Main");
		started(archive.toString(), "com.example.Tool --port=1");
		assertThat(ApplicationCode.ofThisProcess().command("com.example.Tool").build()).endsWith("com.example.Tool");
		assertThat(ApplicationCode.executableArchive(archive.toString(),
				"org.springframework.boot.loader.launch." + "PropertiesLauncher"))
			.isNull();
	}

	@Test
	void whatIsNoExecutableArchiveIsNone() throws IOException {
		Path plain = archive("plain.jar", null);
		Path text = Files.writeString(this.directory.resolve("text"), "no archive");
		assertThat(ApplicationCode.executableArchive(plain.toString(), null)).isNull();
		assertThat(ApplicationCode.executableArchive(text.toString(), null)).isNull();
		assertThat(ApplicationCode.executableArchive(this.directory.toString(), null)).isNull();
		assertThat(ApplicationCode.executableArchive("", null)).isNull();
		assertThat(ApplicationCode.executableArchive(plain + File.pathSeparator + text, null)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.loader.launch.JarLauncher",
			"org.springframework.boot.loader.launch.WarLauncher",
			"org.springframework.boot.loader.launch.PropertiesLauncher" })
	void aLauncherIsStartedAgain(String launcher) {
		started(".", launcher + " --port=1");
		JavaCommand command = ApplicationCode.ofThisProcess().command("com.example.Main");
		assertThat(command.build()).endsWith(launcher);
		assertThat(command.classPath()).isEqualTo(Path.of(".").toAbsolutePath().toString());
	}

	@Test
	void withoutAnyOfTheseAMainClassIsNeeded() {
		started("classes", "com.example.Main");
		assertThat(ApplicationCode.ofThisProcess().command("com.example.Main").build()).endsWith("com.example.Main");
		assertThatExceptionOfType(ApplicationCode.NoMainClassException.class)
			.isThrownBy(() -> ApplicationCode.ofThisProcess().command(null));
	}

	private static void started(String classPath, String command) {
		System.setProperty("java.class.path", classPath);
		System.setProperty("sun.java.command", command);
	}

	private Path archive(String name, @Nullable String mainClass) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		if (mainClass != null) {
			manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
		}
		Path archive = this.directory.resolve(name);
		try (OutputStream file = Files.newOutputStream(archive)) {
			new JarOutputStream(file, manifest).close();
		}
		return archive;
	}

}
