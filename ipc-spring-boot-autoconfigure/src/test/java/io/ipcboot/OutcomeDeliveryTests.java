package io.ipcboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.CrashFiles;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A process dies: everybody who waits for it is told at once, whatever the process has
 * printed and left behind, and whatever one of those who are told does.
 */
@ProcessTest
@ExtendWith(OutputCaptureExtension.class)
class OutcomeDeliveryTests {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void thousandsOfCallsAreToldInASmallHeapAndTheStartedOneFirst() {
		ChildProcess parent = this.processes
			.fork(StandaloneTemplate.child(TestParent.class).jvmArguments("-Xmx64m").output(ProcessOutput.DISCARD));
		int calls = 2000;
		List<Integer> result = parent.destination("lose-calls")
			.message(calls)
			.deadline(PATIENCE)
			.callAsync(new ParameterizedTypeReference<List<Integer>>() {
			})
			.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
			.join();
		assertThat(result.get(0)).as("calls with an outcome").isEqualTo(calls + 1);
		// code that is attached runs on several threads
		assertThat(result.get(1)).as("those that were told before the started one").isLessThan(calls / 10);
		assertThat(result.get(2)).as("characters of the longest text").isBetween(1000, 8 * 1024);
	}

	@Test
	void anObserverThatThrowsAnErrorKeepsNobodyFromTheOutcome() {
		ChildProcessTemplate template = startPool(StandaloneTemplate.child(TestChild.class));
		template.observe((worker, state) -> {
			if (state == WorkerState.EXITED) {
				throw new StackOverflowError("on purpose");
			}
		});
		ChildProcess worker = worker();
		CompletableFuture<String> started = template.callAsync("sleep", 60_000L, String.class);
		CompletableFuture<Integer> unseen = template.callAsync("sum", List.of(1, 2), Integer.class);
		StandaloneTemplate.awaitPrinted(worker, "busy");
		worker.kill("KILL");
		assertThat(started).failsWithin(PATIENCE).withThrowableThat().withCauseInstanceOf(WorkerLostException.class);
		assertThat(worker.onExit()).succeedsWithin(PATIENCE);
		assertThat(unseen).succeedsWithin(PATIENCE).isEqualTo(3);
		assertThat(this.processes.events).filteredOn(WorkerExitedEvent.class::isInstance).hasSize(1);
	}

	@Test
	void aConsumerOfOutputThatBlocksDelaysNoOutcome() throws InterruptedException {
		CountDownLatch release = new CountDownLatch(1);
		CountDownLatch blocked = new CountDownLatch(1);
		try {
			ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class).output((line) -> {
				blocked.countDown();
				awaitUninterruptibly(release);
			}));
			child.send("print", "first\n");
			child.send("print-error", "other\n");
			blocked.await();
			CompletableFuture<String> call = child.callAsync("sleep", 60_000L, String.class);
			StandaloneTemplate.awaitPrinted(child, "busy");
			child.kill("KILL");
			// to wait for the consumer would take 10 seconds for each stream
			assertThat(call).failsWithin(Duration.ofSeconds(15))
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(WorkerLostException.class, (lost) -> assertThat(lost.getExit().lastLines())
					.containsExactlyInAnyOrder("first", "other", "busy"));
		}
		finally {
			release.countDown();
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void crashFilesAreCopiedToAnotherFileSystemAfterTheExitWasTold(@TempDir Path directory) throws Exception {
		Path memory = Path.of("/dev/shm");
		Assumptions.assumeTrue(
				Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(directory)),
				"there is another file system");
		Path crashes = Files.createTempDirectory(memory, "ipc-test-" + ProcessHandle.current().pid() + "-");
		try {
			ForkOptions options = StandaloneTemplate.child(TestChild.class).crashFiles(new CrashFiles(crashes, 10));
			this.processes = new StandaloneTemplate(
					new PoolOptions("default", 1, options.output(ProcessOutput.DISCARD)));
			ChildProcessTemplate template = this.processes.template();
			CompletableFuture<Boolean> copied = new CompletableFuture<>();
			template.observe((worker, state) -> {
				if (state == WorkerState.STARTING) {
					worker.process()
						.onExit()
						.thenAccept(
								(exit) -> copied.complete(exit.crashFile() == null || Files.exists(exit.crashFile())));
				}
			});
			template.startPools();
			ChildProcess worker = worker();
			CompletableFuture<Void> call = template.callAsync("leave-crash-files-and-halt", 1, Void.class);
			assertThat(call).failsWithin(PATIENCE)
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(WorkerLostException.class,
						(lost) -> assertThat(lost.getCrashFile()).isEqualTo(crashes.resolve("core.1")));
			assertThat(copied).succeedsWithin(PATIENCE).isEqualTo(false);
			assertThat(worker.onExit()).succeedsWithin(PATIENCE);
			assertThat(crashes.resolve("core.1")).hasSize(TestChild.CRASH_FILE_SIZE);
		}
		finally {
			this.processes.close();
			try (Stream<Path> files = Files.list(crashes)) {
				files.forEach((file) -> file.toFile().delete());
			}
			Files.delete(crashes);
		}
	}

	@Test
	void aWorkerThatLeavesManyCrashFilesDoesNotDisplaceThoseOfOthers(@TempDir Path crashes) throws IOException {
		Path other = Files.writeString(crashes.resolve("hs_err_pid1.log"), "of another worker");
		assertThat(other.toFile().setLastModified(1_000_000_000_000L)).isTrue();
		ChildProcessTemplate template = startPool(
				StandaloneTemplate.child(TestChild.class).crashFiles(new CrashFiles(crashes, 4)));
		ChildProcess worker = worker();
		assertThat(template.callAsync("leave-crash-files-and-halt", 300, Void.class)).failsWithin(PATIENCE);
		assertThat(worker.onExit()).succeedsWithin(PATIENCE)
			.satisfies((exit) -> assertThat(exit.crashFile()).isNotNull().exists());
		assertThat(other).exists();
		try (Stream<Path> files = Files.list(crashes)) {
			assertThat(files).hasSize(3);
		}
	}

	@Test
	void theEndOfAWorkerTellsWhatWasLostAndWhatGoesToAnother(CapturedOutput output) {
		ChildProcessTemplate template = startPool(StandaloneTemplate.child(TestChild.class));
		ChildProcess worker = worker();
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		worker.callAsync("sleep", 60_000L, String.class);
		StandaloneTemplate.awaitPrinted(worker, "busy");
		IntStream.range(0, 10).forEach((i) -> worker.emit("event", i, "to this worker only"));
		IntStream.range(0, 7).forEach((i) -> sent.add(template.emit("event", i, "to any worker")));
		worker.kill("KILL");
		assertThat(CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new))).succeedsWithin(PATIENCE);
		WorkerExitedEvent event = Awaitility.await()
			.until(() -> this.processes.events.stream()
				.filter(WorkerExitedEvent.class::isInstance)
				.map(WorkerExitedEvent.class::cast)
				.findFirst()
				.orElse(null), (found) -> found != null);
		assertThat(event.getCause()).isEqualTo(LossCause.KILLED);
		assertThat(event.getLostMessages()).isEqualTo(11);
		assertThat(event.getRequeuedMessages()).isEqualTo(7);
		assertThat(output.getOut().lines().filter((line) -> line.contains(worker + " is EXITED"))).singleElement()
			.asString()
			.endsWith("it was ended by SIGKILL; messages and calls lost with it: 11, left to another worker: 7");
	}

	@Test
	void aWorkerThatIsToldToLeaveGivesBackAtOnceWhatItHasNotStarted() {
		ChildProcessTemplate template = startPool(StandaloneTemplate.child(TestChild.class));
		ChildProcess worker = worker();
		CompletableFuture<String> running = template.destination("sleep")
			.message(60_000L)
			.deadline(Duration.ofSeconds(60))
			.callAsync(String.class);
		StandaloneTemplate.awaitPrinted(worker, "busy");
		List<CompletableFuture<Void>> behind = new CopyOnWriteArrayList<>();
		IntStream.range(0, 100).forEach((i) -> behind.add(template.emit("event", i, "x")));
		assertThat(template.pool("default").recycle(0, "of the test")).succeedsWithin(PATIENCE);
		assertThat(CompletableFuture.allOf(behind.toArray(CompletableFuture<?>[]::new))).succeedsWithin(PATIENCE);
		assertThat(running).as("the listener that held up the others").isNotDone();
		running.cancel(true);
	}

	private ChildProcessTemplate startPool(ForkOptions options) {
		this.processes = new StandaloneTemplate(new PoolOptions("default", 1, options.output(ProcessOutput.DISCARD)));
		this.processes.template().startPools();
		return this.processes.template();
	}

	private ChildProcess worker() {
		return this.processes.template().workers("default").get(0);
	}

}
