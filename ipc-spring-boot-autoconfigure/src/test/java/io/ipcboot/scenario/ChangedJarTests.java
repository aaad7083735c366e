package io.ipcboot.scenario;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.RollingRestartResult;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S33: the jar of the workers changes on the disk while they run from it.
 */
@ProcessTest
@Tag("long")
class ChangedJarTests {

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@TempDir
	Path directory;

	@Test
	void s33WorkersGoOnFromTheOldJarAndTheirSuccessorsRunTheNewOne() throws IOException {
		Path jar = this.directory.resolve("worker.jar");
		replace(jar, "1");
		ObservedPool pool = start(jar);
		List<Long> before = pool.pids();
		assertThat(versions(pool)).containsOnly("1");
		replace(jar, "2");
		assertThat(versions(pool)).as("of those that run").containsOnly("1");
		pool.worker().kill("KILL");
		pool.expectDeaths(LossCause.KILLED);
		pool.awaitReplaced(before.get(0));
		assertThat(versions(pool)).contains("1", "2");
		CompletableFuture<RollingRestartResult> rollout = pool.operations().restart();
		int calls = 0;
		while (!rollout.isDone() || calls == 0) {
			assertThat(pool.ask("version", null, String.class)).isIn("1", "2");
			calls++;
		}
		assertThat(rollout.join().complete()).isTrue();
		assertThat(versions(pool)).containsOnly("2");
		assertThat(pool.failed).hasValue(0);
	}

	@Test
	void s33AJarThatWasDamagedInPlaceHarmsNobodyThatRuns() throws IOException {
		Path jar = this.directory.resolve("worker.jar");
		replace(jar, "1");
		ObservedPool pool = start(jar);
		List<Long> before = pool.pids();
		byte[] whole = Files.readAllBytes(jar);
		Files.write(jar, new byte[whole.length / 2]);
		RollingRestartResult result = pool.operations().restart().join();
		assertThat(result.complete()).isFalse();
		assertThat(result.steps().get(0).failure()).contains("jar");
		pool.expectDeaths(LossCause.START_FAILED);
		assertThat(pool.pids()).isEqualTo(before);
		for (int i = 0; i < 100; i++) {
			assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
		}
		Files.write(jar, whole);
		assertThat(pool.operations().restart().join().complete()).isTrue();
		assertThat(pool.pids()).doesNotContainAnyElementsOf(before);
	}

	private ObservedPool start(Path jar) {
		ForkOptions worker = ForkOptions.jar(jar)
			.jvmArguments("-XX:TieredStopAtLevel=1", "-Xshare:auto")
			.output(ProcessOutput.DISCARD);
		return this.invariants.start(ScenarioSettings.workers(2), this.invariants.mark(worker));
	}

	/** Of both workers, as they are asked at the same time. */
	private static List<String> versions(ObservedPool pool) {
		List<CompletableFuture<String>> answers = new ArrayList<>();
		pool.pids().forEach((pid) -> answers.add(pool.worker(pid).callAsync("version", null, String.class)));
		return answers.stream().map(CompletableFuture::join).toList();
	}

	/** In one step, as a deployment does. */
	private void replace(Path jar, String version) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, ScenarioWorker.class.getName());
		manifest.getMainAttributes()
			.put(Attributes.Name.CLASS_PATH,
					Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
						.map((entry) -> Path.of(entry).toUri().toString())
						.collect(Collectors.joining(" ")));
		Path next = this.directory.resolve("next.jar");
		try (OutputStream file = Files.newOutputStream(next);
				JarOutputStream entries = new JarOutputStream(file, manifest)) {
			entries.putNextEntry(new JarEntry(ScenarioWorker.VERSION_FILE));
			entries.write(version.getBytes(StandardCharsets.UTF_8));
		}
		Files.move(next, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

}
