package io.ipcboot.scenario;

import java.time.Duration;

import io.ipcboot.ChildProcess;
import io.ipcboot.PoolDegradedEvent;
import io.ipcboot.ProcessTest;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.WorkerReadyEvent;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.PoolState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S5: a worker ends itself, with a code that says that all is well.
 */
@ProcessTest
class VoluntaryExitTests {

	@RegisterExtension
	final Invariants invariants = new Invariants();

	/** More of them than the budget has deaths, which would degrade the pool. */
	@Test
	void s5LeavingWithoutAnOpenCallIsNoDeath() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).budget(1, Duration.ofMinutes(1)));
		for (int i = 0; i < 3; i++) {
			ChildProcess worker = pool.worker();
			assertThat(pool.ask("exit-afterwards", 0, String.class)).isEqualTo("exiting");
			assertThat(worker.onExit()).succeedsWithin(Invariants.PATIENCE)
				.satisfies((exit) -> assertThat(exit.code()).isZero());
			pool.awaitReplaced(worker.pid());
		}
		assertThat(pool.exits()).hasSize(3).allMatch((exit) -> exit.getCause() == null);
		assertThat(pool.poolEvents(PoolDegradedEvent.class)).isEmpty();
	}

	/** Whether somebody waits for the listener makes no difference for the cause. */
	@Test
	void s5ExitInAListenerHasOneCauseWhateverStartedIt() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		ChildProcess first = pool.worker();
		Outcomes.lost(pool.call("run", Fault.EXIT.name(), Object.class));
		pool.expectDeaths(LossCause.EXITED);
		pool.awaitReplaced(first.pid());
		ChildProcess second = pool.worker();
		pool.operations().send("run", Fault.EXIT.name());
		pool.expectDeaths(LossCause.EXITED);
		pool.awaitReplaced(second.pid());
		assertThat(pool.exits()).extracting(WorkerExitedEvent::getCause)
			.containsExactly(LossCause.EXITED, LossCause.EXITED);
		// one that takes several messages at a time
		ObservedPool several = this.invariants.start(ScenarioSettings.workers(1).concurrency(2),
				this.invariants.worker().concurrency(2));
		several.operations().send("run", Fault.EXIT.name());
		several.expectDeaths(LossCause.EXITED);
		several.awaitReplaced(several.events(WorkerReadyEvent.class).get(0).getProcess().pid());
		assertThat(several.exits()).extracting(WorkerExitedEvent::getCause).containsExactly(LossCause.EXITED);
	}

	/** No goodbye, so nobody knows what it had in hand. */
	@Test
	@Tag("long")
	void s5HaltWithoutAnOpenCallIsADeathThatCounts() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).budget(1, Duration.ofMinutes(1)));
		for (int i = 0; i < 2; i++) {
			ChildProcess worker = pool.worker();
			assertThat(pool.ask("halt-afterwards", 0, String.class)).isEqualTo("halting");
			assertThat(worker.onExit()).succeedsWithin(Invariants.PATIENCE)
				.satisfies((exit) -> assertThat(exit.code()).isZero());
			pool.expectDeaths(LossCause.EXITED);
			if (i == 0) {
				pool.awaitReplaced(worker.pid());
			}
		}
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> pool.poolEvents(PoolDegradedEvent.class).size() == 1);
		// the probe brings it back
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> pool.snapshot().state() == PoolState.RUNNING);
	}

}
