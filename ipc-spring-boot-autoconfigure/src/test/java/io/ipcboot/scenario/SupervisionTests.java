package io.ipcboot.scenario;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import io.ipcboot.ChildProcess;
import io.ipcboot.MessageQuarantinedEvent;
import io.ipcboot.PoolDegradedEvent;
import io.ipcboot.PoolRecoveredEvent;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.WorkerStartingEvent;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.PoolDegradedException;
import io.ipcboot.pool.PoolSaturatedException;
import io.ipcboot.pool.PoolState;
import io.ipcboot.pool.QuarantinedException;
import io.ipcboot.pool.RecyclePolicy;
import io.ipcboot.pool.RollingRestartResult;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.process.CrashFiles;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.Signal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static io.ipcboot.scenario.Outcomes.failure;
import static io.ipcboot.scenario.Outcomes.lost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The supervisor replaces what has died or is worn, within bounds.
 */
@ProcessTest
class SupervisionTests {

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@TempDir
	Path directory;

	@Test
	void s16FirstWorkerCannotStart() throws IOException {
		Files.createFile(this.directory.resolve("broken"));
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.invariants.start(ScenarioSettings.workers(2),
					this.invariants.worker()
						.systemProperty(ScenarioWorker.BROKEN, this.directory.resolve("broken").toString())))
			.withMessageContaining("the database is missing")
			.withMessageContaining("exited with code 1");
		this.invariants.poolsAreStopped();
		// the other one may be told to leave before it fails as well
		this.invariants.expectDeathsAsTheyAre(LossCause.START_FAILED, LossCause.RECYCLED);
	}

	@Test
	@Tag("long")
	void s17CrashLoopAtBoot() throws IOException {
		Path broken = this.directory.resolve("broken");
		ObservedPool pool = this.invariants.start(
				ScenarioSettings.workers(2).budget(3, Duration.ofMinutes(1)).tolerateFailedStart(),
				this.invariants.worker().systemProperty(ScenarioWorker.BROKEN, broken.toString()));
		Files.createFile(broken);
		pool.pids().forEach((pid) -> pool.worker(pid).kill("KILL"));
		pool.expectDeaths(LossCause.KILLED, LossCause.KILLED);
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> pool.poolEvents(PoolDegradedEvent.class).size() == 1);
		int starts = pool.events(WorkerStartingEvent.class).size();
		assertThat(starts).as("two at the start, one more than the budget, and those that both slots had begun")
			.isBetween(6, 7);
		long cpu = cpuNanos();
		long start = System.nanoTime();
		int refused = 0;
		while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2)) {
			assertThatExceptionOfType(PoolDegradedException.class)
				.isThrownBy(() -> pool.call("echo", "x", String.class))
				.withMessageContaining("the database is missing");
			refused++;
			Awaitility.await().pollDelay(Duration.ofMillis(20)).until(() -> true);
		}
		assertThat(refused).as("callers that were refused at once").isGreaterThan(20);
		assertThat(pool.events(WorkerStartingEvent.class).size() - starts).as("probes in two seconds, one every 500 ms")
			.isBetween(1, 5);
		assertThat(cpuNanos() - cpu).as("nanoseconds of CPU in two seconds").isLessThan(TimeUnit.SECONDS.toNanos(1));
		assertThat(pool.snapshot().state()).isEqualTo(PoolState.DEGRADED);
		Files.delete(broken);
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> pool.poolEvents(PoolRecoveredEvent.class).size() == 1);
		pool.deaths().stream().filter((cause) -> cause == LossCause.START_FAILED).forEach(pool::expectDeaths);
		assertThat(pool.deaths()).contains(LossCause.START_FAILED);
	}

	@Test
	void s18PoisonousMessageUnderTraffic() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).quarantine(2, Duration.ofSeconds(60)));
		List<CompletableFuture<Integer>> others = new ArrayList<>();
		String poison = ScenarioWorker.POISON + " of the test";
		for (int i = 0; i < 2; i++) {
			for (int j = 0; j < 50; j++) {
				others.add(pool.call("digest", "wholesome " + i + " " + j, Integer.class));
			}
			CompletableFuture<Integer> fatal = pool.call("digest", poison, Integer.class);
			assertThat(lost(fatal).getLossCause()).isEqualTo(LossCause.EXITED);
			pool.expectDeaths(LossCause.EXITED);
		}
		assertThatExceptionOfType(QuarantinedException.class)
			.isThrownBy(() -> pool.call("digest", poison, Integer.class));
		// none but those that were at work in a worker that died has failed
		others.forEach((call) -> assertThat(call).succeedsWithin(Invariants.PATIENCE));
		assertThat(pool.ask("digest", ScenarioWorker.POISON.toUpperCase(Locale.ROOT), Integer.class)).isEqualTo(6);
		assertThat(pool.poolEvents(MessageQuarantinedEvent.class)).hasSize(1);
		String entry = pool.snapshot().quarantine().get(0).id();
		assertThat(pool.operations().release(entry)).isTrue();
		lost(pool.call("digest", poison, Integer.class));
		pool.expectDeaths(LossCause.EXITED);
	}

	@Test
	@Tag("long")
	void s18PoisonousOneWayMessage() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).quarantine(2, Duration.ofSeconds(60)));
		for (int i = 0; i < 2; i++) {
			long pid = pool.worker().pid();
			pool.operations().send("digest", "wholesome");
			assertThat(pool.operations().send("digest", ScenarioWorker.POISON)).succeedsWithin(Invariants.PATIENCE);
			pool.awaitReplaced(pid);
			pool.expectDeaths(LossCause.EXITED);
		}
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.untilAsserted(() -> assertThatExceptionOfType(QuarantinedException.class)
				.isThrownBy(() -> pool.operations().send("digest", ScenarioWorker.POISON)));
		assertThat(pool.operations().send("digest", "wholesome")).succeedsWithin(Invariants.PATIENCE);
	}

	@Test
	@Tag("long")
	void s18OneWayMessageThatWasOverBefore() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).quarantine(1, Duration.ofSeconds(60)));
		long pid = pool.worker().pid();
		pool.operations().send("digest", "wholesome");
		assertThat(pool.operations().send("nobody-listens", "wholesome")).succeedsWithin(Invariants.PATIENCE);
		assertThat(pool.ask("digest", "wholesome", Integer.class)).isEqualTo(9);
		pool.operations().send("digest", "wholesome");
		assertThat(pool.operations().send("nobody-listens", "wholesome")).succeedsWithin(Invariants.PATIENCE);
		pool.worker().kill("ABRT");
		pool.awaitReplaced(pid);
		pool.expectDeaths(LossCause.KILLED);
		assertThat(pool.snapshot().quarantine()).isEmpty();
	}

	@Test
	@Tag("long")
	void s18QuarantineExpires() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).quarantine(1, Duration.ofMillis(800)));
		lost(pool.call("digest", ScenarioWorker.POISON, Integer.class));
		assertThatExceptionOfType(QuarantinedException.class)
			.isThrownBy(() -> pool.call("digest", ScenarioWorker.POISON, Integer.class));
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> pool.snapshot().quarantine().isEmpty());
		lost(pool.call("digest", ScenarioWorker.POISON, Integer.class));
		pool.expectDeaths(LossCause.EXITED, LossCause.EXITED);
	}

	@Test
	@Tag("long")
	void s19ForkFails() throws IOException {
		Path home = Files.createDirectory(this.directory.resolve("home"));
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2),
				this.invariants.worker().directory(home));
		// a fork into a directory that is not there fails in the parent
		Files.delete(home);
		long victim = pool.pids().get(0);
		long survivor = pool.pids().get(1);
		pool.worker(victim).kill("KILL");
		pool.expectDeaths(LossCause.KILLED);
		long cpu = cpuNanos();
		long start = System.nanoTime();
		while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(1)) {
			assertThat(pool.ask("pid", null, Long.class)).isIn(victim, survivor);
			Awaitility.await().pollDelay(Duration.ofMillis(20)).until(() -> true);
		}
		assertThat(pool.snapshot().slots().get(0).deaths())
			.as("its death, and attempts after 0, 50, 150, 350, 750 ms, or earlier by a fifth")
			.isBetween(4, 8);
		assertThat(cpuNanos() - cpu).as("nanoseconds of CPU in a second")
			.isLessThan(TimeUnit.MILLISECONDS.toNanos(800));
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> String.valueOf(pool.snapshot().slots().get(0).lastExit()).contains("could not be forked"));
		Files.createDirectory(home);
		pool.awaitReplaced(victim);
		assertThat(pool.pids()).contains(survivor);
	}

	@Test
	@Tag("long")
	void s20RestartStorm() throws InterruptedException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		Set<Long> before = new HashSet<>(pool.pids());
		List<CompletableFuture<RollingRestartResult>> results = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			results.add(pool.operations().restart());
			TimeUnit.MILLISECONDS.sleep(1);
		}
		RollingRestartResult first = results.get(0).join();
		assertThat(first.complete()).isTrue();
		assertThat(results).allSatisfy((result) -> assertThat(result.join()).isSameAs(first));
		assertThat(pool.pids()).hasSize(2).doesNotContainAnyElementsOf(before);
		assertThat(pool.events(WorkerStartingEvent.class)).as("starts, each slot once more").hasSize(4);
		assertThat(pool.pids())
			.containsExactlyElementsOf(first.steps().stream().map((step) -> step.after().pid()).toList());
	}

	@Test
	void s22WorkerIgnoresTheRequestToLeave() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).drainTimeout(Duration.ofMillis(500)));
		ChildProcess stubborn = pool.worker();
		pool.ask("hang-at-exit", null, String.class);
		assertThat(pool.operations().drain(0).join()).isTrue();
		// it has said goodbye and owes nobody an answer, so nothing was lost with it
		assertThat(stubborn.onExit()).succeedsWithin(Duration.ofSeconds(5))
			.extracting(ProcessExit::signal)
			.isEqualTo(Signal.KILL);
		pool.awaitReplaced(stubborn.pid());
	}

	@Test
	@Tag("long")
	void s22PoolStopsInTimeAlthoughAWorkerDoesNot() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		pool.ask("hang-at-exit", null, String.class);
		CompletableFuture<String> endless = pool.call("spin", Long.MAX_VALUE, String.class);
		pool.awaitPrinted(pool.worker(pool.pids().get(1)), "spinning");
		long start = System.nanoTime();
		pool.stop(Duration.ofSeconds(1));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		assertThat(failure(endless)).isInstanceOf(WorkerLostException.class);
		this.invariants.poolsAreStopped();
		this.invariants.expectDeathsAsTheyAre(LossCause.RECYCLED);
	}

	@Test
	@Tag("long")
	void s33SoftMemoryLimit() {
		long limit = DataSize.ofMegabytes(150).toBytes();
		RecyclePolicy policy = new RecyclePolicy(0, Duration.ZERO, 0, limit, 0, 0, 1);
		ObservedPool pool = this.invariants
			.start(ScenarioSettings.workers(2).recycle(policy).resetAfter(Duration.ofMillis(500)));
		long fat = pool.ask("pid", null, Long.class);
		assertThat(pool.worker(fat).callAsync("allocate", 200, Integer.class)).succeedsWithin(Invariants.PATIENCE);
		while (pool.pids().contains(fat) || pool.pids().size() < 2) {
			assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
		}
	}

	@Test
	void s33HardMemoryLimit() {
		long limit = DataSize.ofMegabytes(200).toBytes();
		RecyclePolicy policy = new RecyclePolicy(0, Duration.ZERO, 0, 0, limit, 0, 1);
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).concurrency(2).recycle(policy));
		long fat = pool.worker().pid();
		CompletableFuture<String> doomed = pool.call("sleep", 60_000L, String.class);
		pool.call("allocate", 300, Integer.class);
		assertThat(lost(doomed).getLossCause()).isEqualTo(LossCause.OUT_OF_MEMORY);
		pool.expectDeaths(LossCause.OUT_OF_MEMORY);
		pool.awaitReplaced(fat);
	}

	@Test
	@Tag("long")
	void s35CrashFilesCannotBeKept() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		// stands for a full disk: nothing can be created below a file
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1),
				this.invariants.worker().crashFiles(new CrashFiles(file.resolve("crashes"), 5)));
		long pid = pool.worker().pid();
		WorkerLostException lost = lost(pool.call("run", Fault.NATIVE_CRASH.name(), Object.class));
		assertThat(lost.getCrashFile()).isNull();
		assertThat(lost.getLossCause()).isEqualTo(LossCause.KILLED);
		pool.expectDeaths(LossCause.KILLED);
		pool.awaitReplaced(pid);
	}

	@Test
	@Tag("long")
	void s36RollingRestartUnderLoad() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		AtomicBoolean done = new AtomicBoolean();
		List<CompletableFuture<Integer>> clients = new ArrayList<>();
		for (int client = 0; client < 4; client++) {
			clients.add(CompletableFuture.supplyAsync(() -> {
				int calls = 0;
				while (!done.get()) {
					assertThat(pool.ask("echo", "call " + calls, String.class)).isEqualTo("call " + calls);
					calls++;
					// together 500 calls a second
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(8));
				}
				return calls;
			}));
		}
		for (int i = 0; i < 2; i++) {
			Set<Long> before = new HashSet<>(pool.pids());
			assertThat(pool.operations().restart().join().complete()).isTrue();
			assertThat(pool.pids()).doesNotContainAnyElementsOf(before);
		}
		done.set(true);
		clients.forEach((client) -> assertThat(client.join()).isPositive());
		assertThat(pool.failed).hasValue(0);
	}

	@Test
	@Tag("long")
	void s36RolloutStopsAtTheFirstFailure() throws IOException {
		Path broken = this.directory.resolve("broken");
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2),
				this.invariants.worker().systemProperty(ScenarioWorker.BROKEN, broken.toString()));
		List<Long> before = pool.pids();
		Files.createFile(broken);
		RollingRestartResult result = pool.operations().restart().join();
		assertThat(result.complete()).isFalse();
		assertThat(result.steps()).hasSize(2);
		assertThat(result.steps().get(0).failure()).contains("the database is missing");
		assertThat(pool.pids()).isEqualTo(before);
		Files.delete(broken);
		pool.expectDeaths(LossCause.START_FAILED);
	}

	@Test
	@Tag("long")
	void s41DeadlinePropagation() {
		Path journal = this.directory.resolve("journal");
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).killGrace(Duration.ofSeconds(10)),
				this.invariants.worker().systemProperty(ScenarioWorker.JOURNAL, journal.toString()));
		long pid = pool.worker().pid();
		CompletableFuture<String> ahead = pool.call("sleep", 700L, String.class);
		// it has 300 ms left when it is started, and is interrupted after that
		CompletableFuture<String> late = pool
			.call(pool.destination("sleep").message(60_000L).deadline(Duration.ofMillis(1000)), String.class);
		List<CompletableFuture<String>> expired = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			expired.add(pool.call(pool.destination("journal").message("expired " + i).deadline(Duration.ofMillis(300)),
					String.class));
		}
		expired.forEach((call) -> assertThat(failure(call)).isInstanceOf(CallTimeoutException.class));
		assertThat(ahead).succeedsWithin(Invariants.PATIENCE);
		assertThat(failure(late)).isInstanceOf(CallTimeoutException.class);
		// it has stopped within the grace, or it would have been killed
		assertThat(pool.ask("journal", "last", String.class)).isEqualTo("last");
		assertThat(journal).hasContent("last");
		assertThat(pool.worker().pid()).isEqualTo(pid);
	}

	@Test
	void s41TheWorkerSeesWhatIsLeftOfTheDeadline() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1),
				this.invariants.mark(StandaloneTemplate.child(RawWorker.class).output(ProcessOutput.DISCARD)));
		Duration deadline = Duration.ofSeconds(5);
		long unhurried = budget(pool, deadline).join();
		assertThat(Duration.ofNanos(unhurried)).isBetween(Duration.ofSeconds(4), deadline);
		Duration nap = Duration.ofMillis(1200);
		long start = System.nanoTime();
		CompletableFuture<String> ahead = pool.call("nap", Long.toString(nap.toMillis()), String.class);
		CompletableFuture<Long> late = budget(pool, deadline);
		Duration lag = Duration.ofNanos(System.nanoTime() - start);
		assertThat(ahead).succeedsWithin(Invariants.PATIENCE);
		// the time that the call waited in the queue of the pool is gone
		assertThat(Duration.ofNanos(late.join())).isPositive().isLessThanOrEqualTo(deadline.minus(nap.minus(lag)));
	}

	private static CompletableFuture<Long> budget(ObservedPool pool, Duration deadline) {
		return pool.call(pool.destination("budget").message("").deadline(deadline), String.class)
			.thenApply(Long::parseLong);
	}

	@Test
	void s41QueueTimeout() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).queue(5, Duration.ofMillis(200)));
		CompletableFuture<String> running = pool.call("sleep", 800L, String.class);
		List<CompletableFuture<String>> waiting = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			waiting.add(pool.call("echo", "x", String.class));
		}
		assertThatExceptionOfType(PoolSaturatedException.class)
			.isThrownBy(() -> pool.call("echo", "one too many", String.class));
		waiting.forEach((call) -> assertThat(failure(call)).isInstanceOf(PoolSaturatedException.class));
		assertThat(running).succeedsWithin(Invariants.PATIENCE);
	}

	@Test
	@Tag("long")
	void s42RecyclingUnderSaturation() throws IOException {
		Path journal = this.directory.resolve("journal");
		RecyclePolicy policy = new RecyclePolicy(100, Duration.ZERO, 0.5, 0, 0, 0, 1);
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).recycle(policy),
				this.invariants.worker().systemProperty(ScenarioWorker.JOURNAL, journal.toString()));
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 1500; i++) {
			calls.add(pool.call("journal", "call " + i, String.class));
		}
		for (int i = 0; i < calls.size(); i++) {
			assertThat(calls.get(i)).succeedsWithin(Invariants.PATIENCE).isEqualTo("call " + i);
		}
		assertThat(Files.readAllLines(journal)).hasSize(1500).doesNotHaveDuplicates();
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			// how often depends on how fast the replacements are
			.until(() -> pool.exits().size() >= 2
					&& pool.events(WorkerStartingEvent.class).size() == pool.exits().size() + 2);
		assertThat(pool.mostAtATime()).as("workers at a time, one of which replaces another").isLessThanOrEqualTo(3);
	}

	@Test
	void s43PauseShorterThanTheTimeout() throws InterruptedException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).heartbeatTimeout(Duration.ofSeconds(4)));
		// as a long collection of garbage does
		pool.worker().kill("STOP");
		CompletableFuture<String> patient = pool.call("echo", "x", String.class);
		TimeUnit.MILLISECONDS.sleep(1500);
		pool.worker().kill("CONT");
		assertThat(patient).succeedsWithin(Invariants.PATIENCE).isEqualTo("x");
	}

	private static long cpuNanos() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long nanos = 0;
		for (long id : threads.getAllThreadIds()) {
			nanos += Math.max(0, threads.getThreadCpuTime(id));
		}
		return nanos;
	}

}
