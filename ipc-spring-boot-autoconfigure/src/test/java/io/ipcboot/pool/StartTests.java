package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.messaging.ScriptedExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the start of a pool.
 */
class StartTests {

	private final TestPool pool = new TestPool();

	@Test
	void allSlotsAreFilledAtOnceAndTheStartIsDoneWhenAllAreReady() {
		this.pool.settings.size(3);
		CompletableFuture<Void> started = this.pool.start();
		assertThat(this.pool.fleet.starting()).extracting(TestMember::slot).containsExactly(0, 1, 2);
		this.pool.fleet.started.get(2).ready();
		this.pool.fleet.started.get(0).ready();
		assertThat(started).isNotDone();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.STARTING);
		this.pool.fleet.started.get(1).ready();
		assertThat(started).isCompleted();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.RUNNING);
	}

	@Test
	void aPoolWithoutSlotsStartsAtOnce() {
		this.pool.settings.size(0);
		assertThat(this.pool.start()).isCompleted();
	}

	@Test
	void messagesWaitForTheFirstMember() {
		this.pool.start();
		ScriptedExchange call = this.pool.call();
		assertThat(this.pool.snapshot().waiting()).isEqualTo(1);
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(call);
	}

	@Test
	void aMemberThatCannotStartFailsTheStart() {
		this.pool.settings.size(2);
		CompletableFuture<Void> started = this.pool.start();
		this.pool.fleet.started.get(0).ready();
		this.pool.fleet.started.get(1).die();
		assertThat(started).isCompletedExceptionally();
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> {
			try {
				started.join();
			}
			catch (Exception ex) {
				throw ex.getCause();
			}
		}).withMessageContaining("before it was ready");
		this.pool.advance(Duration.ofHours(1));
		assertThat(this.pool.fleet.started).hasSize(2);
	}

	@Test
	void aProcessThatCannotBeForkedFailsTheStart() {
		this.pool.fleet.refusal = TestFleet.noProcess();
		assertThat(this.pool.start()).isCompletedExceptionally();
	}

	@Test
	void aStartThatFailsInAnUnexpectedWayIsNoDifferent() {
		this.pool.fleet.refusal = new IllegalStateException("the directory cannot be created");
		CompletableFuture<Void> started = this.pool.start();
		assertThat(started).isCompletedExceptionally();
		assertThat(started.handle((nothing, ex) -> ex).join()).isInstanceOf(WorkerStartException.class)
			.hasMessageContaining("the directory cannot be created");
		CompletableFuture<Void> stopped = this.pool.operation().stop(Duration.ZERO);
		this.pool.done(stopped);
	}

	@Test
	void withoutFailFastTheStartIsDoneWhenEverySlotWasTried() {
		this.pool.settings.size(2);
		this.pool.settings.failFast = false;
		CompletableFuture<Void> started = this.pool.start();
		this.pool.fleet.started.get(0).die();
		assertThat(started).isNotDone();
		this.pool.fleet.started.get(1).ready();
		assertThat(started).isCompleted();
		assertThat(this.pool.fleet.starting()).singleElement().extracting(TestMember::slot).isEqualTo(0);
	}

	@Test
	void aMemberThatDiesAfterItWasReadyDoesNotFailTheStart() {
		this.pool.settings.size(2);
		CompletableFuture<Void> started = this.pool.start();
		this.pool.fleet.started.get(0).ready().die();
		this.pool.readyAll();
		assertThat(started).isCompleted();
	}

	@Test
	void aMemberThatCannotStartLaterDoesNotFailAnything() {
		this.pool.started();
		this.pool.fleet.at(0).die();
		this.pool.fleet.starting().get(0).die();
		this.pool.advance(Duration.ofSeconds(1));
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).hasSize(1);
	}

	@Test
	void theStartFailsIfThePoolIsStoppedMeanwhile() {
		CompletableFuture<Void> started = this.pool.start();
		ScriptedExchange call = this.pool.call();
		CompletableFuture<Void> stopped = this.pool.operation().stop(Duration.ofSeconds(10));
		this.pool.loop.run();
		assertThat(started.handle((nothing, ex) -> ex).join()).isInstanceOf(PoolClosedException.class);
		assertThat(call.outcome()).isCompletedExceptionally();
		assertThat(stopped).isNotDone();
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		assertThat(this.pool.fleet.started).hasSize(1);
	}

	@Test
	void membersThatDieAsSoonAsTheyServeFailTheStart() {
		this.pool.settings.size(2);
		this.pool.settings.budget = new CrashBudget.Limit(2, Duration.ofSeconds(60));
		CompletableFuture<Void> started = this.pool.start();
		for (int i = 0; i < 3; i++) {
			this.pool.fleet.starting().get(0).ready().die();
			this.pool.advance(Duration.ofSeconds(8));
		}
		assertThat(started).isCompletedExceptionally();
		assertThat(started.handle((nothing, ex) -> ex).join()).isInstanceOf(PoolDegradedException.class)
			.hasMessageContaining("more than 2 workers");
	}

}
