package io.ipcboot.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.ipcboot.ChildProcess;
import io.ipcboot.ProcessTest;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.CrashFiles;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.util.unit.DataSize;

import static io.ipcboot.scenario.Outcomes.failure;
import static io.ipcboot.scenario.Outcomes.lost;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker dies or hangs: its callers are told why, others do not notice.
 */
@ProcessTest
class WorkerFaultTests {

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@Test
	@Tag("long")
	void s1KillDuringACall() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		long victim = pool.ask("pid", null, Long.class);
		long other = pool.pids().stream().filter((pid) -> pid != victim).findFirst().orElseThrow();
		CompletableFuture<String> first = pool.call("sleep", 3_000L, String.class);
		CompletableFuture<String> second = pool.call("sleep", 3_000L, String.class);
		List<CompletableFuture<String>> queued = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			queued.add(pool.call("echo", "queued " + i, String.class));
		}
		pool.awaitPrinted(pool.worker(victim), "busy");
		pool.awaitPrinted(pool.worker(other), "busy");
		pool.worker(victim).kill("KILL");
		pool.expectDeaths(LossCause.KILLED);
		// either may be the one that had it
		CompletableFuture.anyOf(first.handle((x, ex) -> ex), second.handle((x, ex) -> ex)).join();
		CompletableFuture<String> doomed = first.isCompletedExceptionally() ? first : second;
		CompletableFuture<String> untouched = (doomed == first) ? second : first;
		WorkerLostException loss = lost(doomed);
		assertThat(loss.getLossCause()).isEqualTo(LossCause.KILLED);
		assertThat(loss.getExit().signal()).isEqualTo(Signal.KILL);
		assertThat(loss.getPeer()).isNotNull().extracting((peer) -> peer.pid()).isEqualTo(victim);
		assertThat(loss.mayHaveStarted()).isTrue();
		assertThat(untouched).succeedsWithin(Invariants.PATIENCE).isEqualTo("slept");
		for (int i = 0; i < 100; i++) {
			assertThat(queued.get(i)).succeedsWithin(Invariants.PATIENCE).isEqualTo("queued " + i);
		}
		pool.awaitReplaced(victim);
	}

	@Test
	@Tag("long")
	void s2StoppedWorker() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).heartbeatTimeout(Duration.ofSeconds(1)));
		long victim = pool.ask("pid", null, Long.class);
		ChildProcess stopped = pool.worker(victim);
		stopped.kill("STOP");
		List<CompletableFuture<String>> calls = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			calls.add(pool.call("echo", "x", String.class));
		}
		pool.expectDeaths(LossCause.HEARTBEAT);
		pool.awaitReplaced(victim);
		calls.forEach((call) -> call.exceptionally((ex) -> "").join());
		// it was frozen before it could start any, so none has to fail; what does, says
		// why
		calls.stream()
			.filter(CompletableFuture::isCompletedExceptionally)
			.forEach((call) -> assertThat(lost(call).getLossCause()).isEqualTo(LossCause.HEARTBEAT));
		assertThat(stopped.onExit().join().signal()).isEqualTo(Signal.KILL);
	}

	@Test
	void s2StoppedWorkerDuringACall() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).heartbeatTimeout(Duration.ofSeconds(1)));
		ChildProcess stopped = pool.worker();
		CompletableFuture<String> doomed = pool.call("sleep", 60_000L, String.class);
		pool.awaitPrinted(stopped, "busy");
		stopped.kill("STOP");
		pool.expectDeaths(LossCause.HEARTBEAT);
		assertThat(lost(doomed).getLossCause()).isEqualTo(LossCause.HEARTBEAT);
		pool.awaitReplaced(stopped.pid());
	}

	@Test
	@Tag("long")
	void s2aBusyWorkerIsNotTakenForAHungOne() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).heartbeatTimeout(Duration.ofSeconds(1)));
		assertThat(pool.ask("spin", 2_500L, String.class)).isEqualTo("spun");
	}

	@Test
	@Tag("long")
	void s2bKillWhileIdle() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		long victim = pool.ask("pid", null, Long.class);
		pool.worker(victim).kill("KILL");
		pool.expectDeaths(LossCause.KILLED);
		for (int i = 0; i < 500; i++) {
			assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
		}
		pool.awaitReplaced(victim);
	}

	@Test
	@Tag("long")
	void s3LateReply() {
		ObservedPool pool = this.invariants
			.start(ScenarioSettings.workers(1).concurrency(2).killGrace(Duration.ofSeconds(10)));
		assertThat(pool.ask("echo", "warm", String.class)).isEqualTo("warm");
		// takes no notice of being cancelled, but ends before it would be killed for that
		CompletableFuture<String> late = pool
			.call(pool.destination("spin").message(700L).deadline(Duration.ofMillis(500)), String.class);
		assertThat(failure(late)).isInstanceOf(CallTimeoutException.class);
		for (int i = 0; i < 200; i++) {
			assertThat(pool.ask("echo", "answer " + i, String.class)).isEqualTo("answer " + i);
		}
	}

	@Test
	void s3aCallThatDoesNotStopIsKilledWithItsWorker() {
		List<String> printed = new CopyOnWriteArrayList<>();
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1),
				this.invariants.worker().output((line) -> printed.add(line.text())));
		long pid = pool.worker().pid();
		CompletableFuture<String> endless = pool
			.call(pool.destination("spin").message(Long.MAX_VALUE).deadline(Duration.ofMillis(300)), String.class);
		assertThat(failure(endless)).isInstanceOf(CallTimeoutException.class);
		pool.expectDeaths(LossCause.DEADLINE);
		pool.awaitReplaced(pid);
		assertThat(printed).anyMatch((line) -> line.contains("Full thread dump"))
			.anyMatch((line) -> line.contains("at io.ipcboot.scenario.ScenarioWorker.spin("));
		assertThat(pool.exits().get(0).getExit()).isNotNull()
			.extracting(ProcessExit::lastLines)
			.asInstanceOf(InstanceOfAssertFactories.list(String.class))
			.noneMatch((line) -> line.contains("java.lang.Thread.State"));
	}

	@Test
	@Tag("long")
	void s4OutOfMemory(@TempDir Path crashes) throws IOException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1),
				this.invariants.worker()
					.maxHeap(DataSize.ofMegabytes(32))
					.heapDump()
					.crashFiles(new CrashFiles(crashes, 2)));
		for (int i = 0; i < 3; i++) {
			long pid = pool.worker().pid();
			WorkerLostException lost = lost(pool.call("run", Fault.OUT_OF_MEMORY.name(), Object.class));
			assertThat(lost.getLossCause()).isEqualTo(LossCause.OUT_OF_MEMORY);
			assertThat(lost.getCrashFile()).isNotNull().asString().endsWith(".hprof");
			pool.expectDeaths(LossCause.OUT_OF_MEMORY);
			pool.awaitReplaced(pid);
		}
		try (Stream<Path> dumps = Files.list(crashes)) {
			assertThat(dumps).as("heap dumps, of which the last ones are kept").hasSize(2);
		}
	}

	@Test
	@Tag("long")
	void s5ExitDuringACallAndWithoutOne() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).budget(1, Duration.ofMinutes(1)));
		long pid = pool.worker().pid();
		WorkerLostException lost = lost(pool.call("run", Fault.EXIT.name(), Object.class));
		assertThat(lost.getLossCause()).isEqualTo(LossCause.EXITED);
		assertThat(lost.getExit().code()).isZero();
		pool.expectDeaths(LossCause.EXITED);
		pool.awaitReplaced(pid);
		// the budget of one death is spent; leaving in order does not count
		for (int i = 0; i < 2; i++) {
			long idle = pool.worker().pid();
			pool.worker().kill("TERM");
			pool.awaitReplaced(idle);
		}
	}

	@Test
	@Tag("long")
	void s5bHaltDuringACall() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		assertThat(lost(pool.call("run", Fault.HALT.name(), Object.class)).getExit().code()).isEqualTo(7);
		pool.expectDeaths(LossCause.EXITED);
	}

	@Test
	@Tag("long")
	void s5bDeadlockedHookDuringExit() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).heartbeatTimeout(Duration.ofSeconds(3)));
		// the code that was asked for is not what it ends with, as its hook never returns
		WorkerLostException lost = lost(pool.call("exit-with-deadlocked-hook", 5, Object.class));
		assertThat(lost.mayHaveStarted()).isTrue();
		assertThat(lost.getExit().code()).isNotEqualTo(5);
		pool.expectDeaths(LossCause.HEARTBEAT);
	}

	@Test
	@Tag("long")
	void s9TerminatedFromOutside() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		ChildProcess worker = pool.worker();
		List<CompletableFuture<String>> calls = new ArrayList<>();
		calls.add(pool.call("sleep", 300L, String.class));
		for (int i = 0; i < 200; i++) {
			calls.add(pool.call("echo", "x", String.class));
		}
		pool.awaitPrinted(worker, "busy");
		worker.kill("TERM");
		calls.forEach((call) -> assertThat(call).succeedsWithin(Invariants.PATIENCE));
		pool.awaitReplaced(worker.pid());
	}

	@Test
	void s31NativeCrash(@TempDir Path crashes) throws IOException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1),
				this.invariants.worker().crashFiles(new CrashFiles(crashes.resolve("new"), 5)));
		long pid = pool.worker().pid();
		WorkerLostException lost = lost(pool.call("run", Fault.NATIVE_CRASH.name(), Object.class));
		Path report = crashes.resolve("new").resolve("hs_err_pid" + pid + ".log");
		assertThat(lost.getLossCause()).isEqualTo(LossCause.KILLED);
		assertThat(lost.getExit().signal()).isEqualTo(Signal.ABRT);
		assertThat(lost.getCrashFile()).isEqualTo(report).exists();
		assertThat(lost).hasMessageContaining(report.toString());
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(report))).isEqualTo("rw-------");
		pool.expectDeaths(LossCause.KILLED);
		pool.awaitReplaced(pid);
	}

}
