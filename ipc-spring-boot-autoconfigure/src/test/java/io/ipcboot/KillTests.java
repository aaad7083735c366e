package io.ipcboot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.Signal;
import io.ipcboot.scenario.RawWorker;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * How long a process has that is asked to end. The times that must not count are hours.
 */
@ProcessTest
class KillTests {

	private static final Duration NEVER = Duration.ofHours(1);

	private static final Duration SOON = Duration.ofMillis(500);

	private static final Duration PATIENCE = Duration.ofSeconds(50);

	private StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aWorkerThatDoesNotReactIsKilledAfterTheKillGrace() {
		ChildProcess child = this.processes.fork(child().killGrace(SOON).drainTimeout(NEVER));
		stop(child);
		assertThat(child.kill()).isTrue();
		assertKilled(child);
	}

	@Test
	void aWorkerWithABusyListenerIsKilledAfterTheDrainTimeout() {
		ChildProcess child = spinning(child().killGrace(NEVER).drainTimeout(SOON));
		assertThat(child.kill()).isTrue();
		assertKilled(child);
	}

	/** The listener takes longer than the kill grace. */
	@Test
	@Tag("long")
	void aWorkerThatBeginsToLeaveFinishesWhatItHasStarted() {
		ChildProcess child = this.processes.fork(child().killGrace(Duration.ofSeconds(5)).drainTimeout(NEVER));
		CompletableFuture<String> call = child.destination("sleep")
			.message(9_000L)
			.deadline(NEVER)
			.callAsync(String.class);
		StandaloneTemplate.awaitPrinted(child, "busy");
		child.kill();
		assertThat(call).succeedsWithin(PATIENCE).isEqualTo("slept");
		assertThat(child.onExit()).succeedsWithin(PATIENCE)
			.satisfies((exit) -> assertThat(exit.signal()).isSameAs(Signal.TERM));
	}

	/** A signal from outside, which its parent knows nothing of. */
	@Test
	void theDrainTimeoutAlsoCountsForASignalThatTheParentDidNotSend() {
		ChildProcess child = this.processes.fork(child().drainTimeout(NEVER));
		assertThat(child.call("drain-timeout", null, String.class)).isEqualTo(NEVER.toString());
	}

	@ParameterizedTest
	@ValueSource(strings = { "disconnect", "close" })
	void aStoppedWorkerThatIsToldToLeaveIsKilledLongBeforeTheDrainTimeout(String how) {
		ChildProcess child = this.processes.fork(child().killGrace(SOON).drainTimeout(NEVER));
		stop(child);
		CompletableFuture<ProcessExit> exit = "close".equals(how)
				? CompletableFuture.runAsync(child::close).thenCompose((nothing) -> child.onExit())
				: child.disconnect();
		assertThat(exit).succeedsWithin(PATIENCE)
			.satisfies((ended) -> assertThat(ended.signal()).isSameAs(Signal.KILL));
	}

	@Test
	@Tag("long")
	void aWorkerThatIsSilentOnlySinceItWasToldToLeaveIsKilledToo() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(RawWorker.class)
			.output(ProcessOutput.DISCARD)
			.killGrace(SOON)
			.drainTimeout(NEVER));
		assertThat(child.call("linger", "x", String.class)).isEqualTo("x");
		child.disconnect();
		assertKilled(child);
	}

	@Test
	void aPoolHasTheSameTimes() {
		PoolSettings defaults = PoolSettings.DEFAULT;
		PoolSettings settings = new PoolSettings(3, 0, 1, 0, 10, Duration.ZERO, defaults.balancing(), null,
				defaults.onTimeout(), SOON, defaults.heartbeat(), defaults.restart(), true, defaults.recycle(),
				defaults.quarantine(), defaults.retry(), NEVER);
		this.processes = new StandaloneTemplate(new PoolOptions("default", settings, child().killGrace(NEVER)));
		this.processes.template().startPools();
		List<ChildProcess> workers = this.processes.template().workers("default");
		workers.forEach(KillTests::stop);
		assertThat(workers.get(0).kill()).isTrue();
		workers.get(1).disconnect();
		this.processes.template().pool("default").drain(2);
		workers.forEach(KillTests::assertKilled);
		assertThat(this.processes.events).filteredOn(WorkerExitedEvent.class::isInstance)
			.extracting((event) -> ((WorkerExitedEvent) event).getCause())
			.containsExactlyInAnyOrder(LossCause.KILLED, LossCause.RECYCLED, LossCause.RECYCLED);
	}

	@Test
	void aStoppedWorkerIsKilledLongBeforeTheTimeOfTheApplicationIsOver() {
		ChildProcess child = this.processes.fork(child());
		stop(child);
		assertThat(this.processes.template().stop(NEVER)).succeedsWithin(PATIENCE);
		assertKilled(child);
	}

	@Test
	void aProgramThatIgnoresTheSignalIsKilledAfterTheDrainTimeout() {
		ChildProcess program = this.processes
			.fork(ForkOptions.program("sh", "-c", "trap '' TERM; echo ready; while true; do sleep 0.05; done")
				.drainTimeout(SOON)
				.output(ProcessOutput.DISCARD));
		StandaloneTemplate.awaitPrinted(program, "ready");
		assertThat(program.kill()).isTrue();
		assertKilled(program);
	}

	/** The signal has no effect. */
	@Test
	void aProcessThatGoesOnAfterItsTimeoutIsKilled() {
		assertKilled(this.processes
			.start(ForkOptions.program("sleep", "600").drainTimeout(SOON).timeout(SOON).killSignal("CONT")));
	}

	@Test
	@Tag("long")
	void aListenerThatHangsWhileTheApplicationStopsPrintsItsThreads() {
		List<String> printed = new CopyOnWriteArrayList<>();
		this.processes = new StandaloneTemplate(
				new PoolOptions("default", 1, child().output((line) -> printed.add(line.text()))));
		ChildProcessTemplate template = this.processes.template();
		template.startPools();
		ChildProcess worker = template.workers("default").get(0);
		template.callAsync("spin", null, String.class);
		StandaloneTemplate.awaitPrinted(worker, "spinning");
		assertThat(template.stop(Duration.ofSeconds(4))).succeedsWithin(PATIENCE);
		assertKilled(worker);
		assertThat(printed).anyMatch((line) -> line.contains("Full thread dump"))
			.anyMatch((line) -> line.contains("at io.ipcboot.TestChild.spin("));
	}

	@Test
	void aTimeMustNotBeNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> child().killGrace(Duration.ofMillis(-1)))
			.withMessageContaining("kill grace");
		assertThatIllegalArgumentException().isThrownBy(() -> child().drainTimeout(Duration.ofMillis(-1)))
			.withMessageContaining("drain timeout");
	}

	private ChildProcess spinning(ForkOptions options) {
		ChildProcess child = this.processes.fork(options);
		child.send("spin", null);
		StandaloneTemplate.awaitPrinted(child, "spinning");
		return child;
	}

	private static ForkOptions child() {
		return StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD);
	}

	private static void stop(ChildProcess child) {
		child.kill("STOP");
		Awaitility.await().atMost(PATIENCE).until(() -> ProcStat.isStopped(child.pid()));
	}

	private static void assertKilled(ChildProcess child) {
		assertThat(child.onExit()).succeedsWithin(PATIENCE)
			.satisfies((exit) -> assertThat(exit.signal()).isSameAs(Signal.KILL));
	}

}
