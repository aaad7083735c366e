package io.ipcboot.demo;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers are forked however the application was started; the other tests start it as
 * {@code java -jar demo-app.jar}.
 */
@Tag("process")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LaunchIT {

	@TempDir
	private Path directory;

	@Test
	void theExtractedJarForks() throws Exception {
		Path extracted = this.directory.resolve("extracted");
		Process extraction = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djarmode=tools", "-jar", RunningDemo.JAR.toString(), "extract", "--destination", extracted.toString())
			.inheritIO()
			.start();
		assertThat(extraction.waitFor()).isZero();
		assertForks("-jar", extracted.resolve(RunningDemo.JAR.getFileName()).toString());
	}

	@Test
	void explodedClassesFork() throws Exception {
		String libraries = Files.readString(Path.of("target", "runtime-classpath.txt")).trim();
		assertForks("-cp", Path.of("target", "classes").toAbsolutePath() + ":" + libraries,
				DemoApplication.class.getName());
	}

	@ParameterizedTest
	@ValueSource(strings = { "demo.war", "demo" })
	@Tag("long")
	void anArchiveWithAnotherNameForks(String name) throws Exception {
		Path archive = Files.copy(RunningDemo.JAR, this.directory.resolve(name));
		assertForks("-jar", archive.toString());
	}

	/** As the images of buildpacks do it. */
	@ParameterizedTest
	@ValueSource(strings = { "JarLauncher", "PropertiesLauncher" })
	@Tag("long")
	void aLauncherInAnUnpackedJarForks(String launcher) throws Exception {
		Path unpacked = Files.createDirectory(this.directory.resolve("unpacked"));
		Process unpacking = new ProcessBuilder("jar", "xf", RunningDemo.JAR.toString()).directory(unpacked.toFile())
			.inheritIO()
			.start();
		assertThat(unpacking.waitFor()).isZero();
		assertForks("-cp", unpacked.toString(),
				"-Dloader.path=" + unpacked.resolve("BOOT-INF/classes") + "," + unpacked.resolve("BOOT-INF/lib"),
				"org.springframework.boot.loader.launch." + launcher);
	}

	private void assertForks(String... code) throws IOException, InterruptedException {
		try (RunningDemo demo = RunningDemo.start(this.directory, code)) {
			HttpResponse<byte[]> response = demo.postPhoto();
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(demo.workerPids()).contains(response.headers().firstValueAsLong("Worker-Pid").orElseThrow());
			try (Conversation conversation = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
				assertThat(conversation.hearWorker().pool()).isEqualTo("normal");
			}
		}
	}

}
