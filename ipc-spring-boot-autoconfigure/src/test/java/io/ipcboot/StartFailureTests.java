package io.ipcboot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Processes that do not become ready: the exception says which one, why, and what it
 * printed last.
 */
@ProcessTest
class StartFailureTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			exit-before-connect  | it ended before it was ready; the process exited with code 5  |
			throw-before-connect | it ended before it was ready; the process exited with code 1  | no configuration
			exit                 | it ended before it was ready; the process exited with code 5  |
			throw                | it ended before it was ready; the process exited with code 1  | no database
			return               | it ended before it was ready; the process exited with code 0  |
			leave                | there is no database; the process exited with code 0          |
			other-version        | it speaks version 99 of the protocol, this process version 1; |
			""")
	void theReasonAndTheLastLinesAreReported(String failure, String reason, String printed) {
		ChildProcess child = this.processes.start(failing(failure));
		assertThat(child.onReady()).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(WorkerStartException.class)
			.withMessageStartingWith("process (pid " + child.pid() + "): " + reason)
			.withMessageContaining("Its last lines were:\n\t")
			.withMessageContaining("\n\tdoing " + failure)
			.withMessageContaining((printed != null) ? printed : "");
		child.onExit().join();
		assertThat(child.isAlive()).isFalse();
	}

	@Test
	void theStackTraceOfForkIsThatOfItsCaller() {
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.fork(failing("return")))
			.satisfies((ex) -> assertThat(ex.getStackTrace())
				.anyMatch((call) -> call.getMethodName().contains("theStackTraceOfForkIsThatOfItsCaller")));
		// the exit is told a moment after the failure
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.processes.events).hasExactlyElementsOfTypes(WorkerStartingEvent.class,
					WorkerDrainingEvent.class, WorkerExitedEvent.class));
	}

	@ParameterizedTest
	@CsvSource({ "hang", "hang-before-connect" })
	void aProcessThatDoesNotBecomeReadyInTimeIsKilled(String how) {
		List<String> printed = new CopyOnWriteArrayList<>();
		ForkOptions options = failing(how).readyTimeout(Duration.ofSeconds(4))
			.output((line) -> printed.add(line.text()));
		ChildProcess child = this.processes.start(options);
		assertThat(child.onReady()).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withMessageContaining("process (pid " + child.pid() + "): it did not become ready within 4,000 ms; "
					+ "the process was ended by SIGKILL\nIts last lines were:\n\tdoing " + how);
		assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(printed).anyMatch((line) -> line.contains("Full thread dump"))
			.anyMatch((line) -> line.contains("at io.ipcboot.FailingChild."));
	}

	@Test
	void aProcessAroundTheJvmIsNotEndedByTheRequestForThreads() {
		ForkOptions options = failing("hang").readyTimeout(Duration.ofMillis(2_500))
			.commandPrefix("sh", "-c", "\"$@\"; exit $?", "sh");
		ChildProcess child = this.processes.start(options);
		assertThat(child.onReady()).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withMessageContaining("it did not become ready within 2,500 ms; the process was ended by SIGKILL");
		assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(5));
	}

	@ParameterizedTest
	@CsvSource({ "-Dorg.newsclub.net.unix.library.disable=true,",
			"-Dorg.newsclub.net.unix.library.tmpdir=/proc/version/none, /proc/version/none" })
	void aWorkerThatCannotReachItsParentEndsAtOnceAndSaysWhy(String flag, String cause) {
		ChildProcess child = this.processes
			.start(StandaloneTemplate.child(RoleMain.class).jvmArguments(flag).output(ProcessOutput.DISCARD));
		assertThat(child.onReady()).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(WorkerStartException.class)
			.withMessageContaining("the process exited with code 1")
			.withMessageContaining("This process was forked as a worker and cannot reach its parent: "
					+ "Worker processes cannot be forked")
			.withMessageContaining((cause != null) ? cause : "the native library of junixsocket")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("role PARENT"));
		assertThat(child.onExit().join().code()).isOne();
	}

	@Test
	void aWorkerWithoutATemporaryDirectoryUnpacksTheNativeLibraryElsewhere() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class)
			.jvmArguments("-Djava.io.tmpdir=/proc/version/none")
			.output(ProcessOutput.DISCARD));
		assertThat(child.call("role", null, String.class)).isEqualTo("WORKER");
	}

	@Test
	void aClassThatDoesNotExistIsNamed(@TempDir Path directory) throws IOException {
		Path jar = jar(directory, "com.example.Missing");
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.processes.fork(ForkOptions.jar(jar).output(ProcessOutput.DISCARD)))
			.withMessageContaining("the process exited with code 1")
			.withMessageContaining("Could not find or load main class com.example.Missing");
	}

	@Test
	void aJarThatDoesNotExistIsNamed(@TempDir Path directory) {
		ForkOptions options = ForkOptions.jar(directory.resolve("missing.jar")).output(ProcessOutput.DISCARD);
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.fork(options))
			.withMessageContaining("Unable to access jarfile " + directory.resolve("missing.jar"));
	}

	@Test
	void aFlagThatTheJvmDoesNotKnowIsNamed() {
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.processes.fork(failing("exit").jvmArguments("-XX:+NoSuchFlag")))
			.withMessageContaining("Unrecognized VM option 'NoSuchFlag'");
	}

	@ParameterizedTest
	@CsvSource({ "exit-before-connect, No listener has seen the message.", "exit, the process is leaving" })
	void messagesToAProcessThatDoesNotBecomeReadyFail(String how, String reason) {
		ChildProcess child = this.processes.start(failing(how));
		CompletableFuture<Void> message = child.send("x");
		CompletableFuture<String> call = child.callAsync("echo", "y", String.class);
		for (CompletableFuture<?> future : List.of(message, call)) {
			assertThat(future).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(IpcException.class)
				.withMessageStartingWith("process (pid " + child.pid() + "): ")
				.withMessageContaining(reason);
		}
		assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(10));
		assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> child.send("z"))
			.withMessage("process (pid %d): the process exited with code 5".formatted(child.pid()));
	}

	@Test
	void aThreadThatIsInterruptedWhileItForksLeavesNoProcessBehind() throws InterruptedException {
		CompletableFuture<Throwable> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				this.processes.fork(failing("hang"));
			}
			catch (RuntimeException ex) {
				result.complete(Thread.currentThread().isInterrupted() ? ex : new AssertionError("not interrupted"));
			}
		});
		thread.start();
		Awaitility.await().until(() -> !this.processes.events.isEmpty());
		thread.interrupt();
		thread.join();
		assertThat(result).succeedsWithin(Duration.ofSeconds(1))
			.satisfies((failure) -> assertThat(failure).isInstanceOf(WorkerStartException.class)
				.hasMessageContaining("interrupted while waiting until it is ready"));
		ChildProcess child = this.processes.events.get(0).getProcess();
		assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void propertiesThatDoNotFitIntoAFrameAreRefused() {
		ForkOptions options = failing("hang").property("large", "x".repeat(100_000));
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.fork(options))
			.withMessageContaining("The headers of a message take");
	}

	@Test
	void aFailingConsumerOfEventsDoesNoHarm() {
		try (StandaloneTemplate careless = new StandaloneTemplate()) {
			careless.eventFailure = new IllegalStateException("expected");
			ChildProcess child = careless.fork(StandaloneTemplate.child(TestChild.class));
			assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
			child.close();
			assertThat(careless.events).extracting(WorkerEvent::getState)
				.containsExactly(WorkerState.STARTING, WorkerState.READY, WorkerState.DRAINING, WorkerState.EXITED);
		}
	}

	@Test
	void aTemplateThatWasStoppedForksNoMore() {
		ChildProcess child = this.processes.start(failing("hang"));
		this.processes.close();
		assertThat(child.onExit()).isCompleted();
		assertThatIllegalStateException().isThrownBy(() -> this.processes.fork(failing("hang")))
			.withMessageContaining("is shutting down");
		assertThatIllegalStateException().isThrownBy(() -> this.processes.start(ForkOptions.program("sleep", "60")))
			.withMessageContaining("is shutting down");
	}

	@Test
	void processesThatAreForkedWhileTheTemplateStopsEndToo() throws Exception {
		List<CompletableFuture<Void>> forkers = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			forkers.add(CompletableFuture.runAsync(() -> {
				while (true) {
					this.processes.start(ForkOptions.program("sleep", "60"));
				}
			}, (task) -> new Thread(task).start()));
		}
		TimeUnit.MILLISECONDS.sleep(100);
		this.processes.close();
		for (CompletableFuture<Void> forker : forkers) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(forker::get)
				.withCauseInstanceOf(IllegalStateException.class);
		}
	}

	private static ForkOptions failing(String how) {
		return StandaloneTemplate.child(FailingChild.class).arguments(how).output(ProcessOutput.DISCARD);
	}

	private static Path jar(Path directory, String mainClass) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
		Path jar = directory.resolve("app.jar");
		try (OutputStream out = Files.newOutputStream(jar);
				JarOutputStream entries = new JarOutputStream(out, manifest)) {
			entries.finish();
		}
		return jar;
	}

}
