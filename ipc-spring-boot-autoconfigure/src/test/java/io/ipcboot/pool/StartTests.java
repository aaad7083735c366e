package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.CrashBudget;
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
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(0, 1, 2);
		this.pool.fleet.started.get(2).ready();
		this.pool.fleet.started.get(0).ready();
		assertThat(started).isNotDone();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.STARTING);
		this.pool.fleet.started.get(1).ready();
		assertThat(started).isCompleted();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.RUNNING);
	}

	@Test
	void onlySomeStartAtATimeAndTheOthersFollow() {
		this.pool.queue = new StartQueue(2);
		this.pool.settings.size(4);
		CompletableFuture<Void> started = this.pool.start();
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(0, 1);
		this.pool.fleet.started.get(1).ready();
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(0, 2);
		this.pool.readyAll();
		assertThat(this.pool.fleet.started).hasSize(4);
		assertThat(started).isCompleted();
	}

	@Test
	void aDeadWorkerIsReplacedBeforeThePoolGrows() {
		this.pool.queue = new StartQueue(1);
		this.pool.started(2);
		this.pool.workers().resize(5);
		this.pool.loop.run();
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(2);
		this.pool.fleet.at(0).die();
		this.pool.advance(Duration.ofMinutes(1).minus(WorkerStarter.MAX_TURN));
		this.pool.fleet.starting().get(0).ready();
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(0);
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).hasSize(5);
	}

	@Test
	void aPoolWhoseWorkersWaitForTheirTurnStopsAtOnce() {
		this.pool.queue = new StartQueue(1);
		this.pool.settings.size(3);
		CompletableFuture<Void> started = this.pool.start();
		CompletableFuture<Void> stopped = this.pool.workers().stop(Duration.ofSeconds(10));
		this.pool.loop.run();
		assertThat(started).isCompletedExceptionally();
		assertThat(stopped).isNotDone();
		this.pool.leaveAll();
		this.pool.loop.run();
		assertThat(stopped).isCompleted();
		assertThat(this.pool.fleet.started).as("processes").hasSize(1);
		this.pool.advance(Duration.ofHours(1));
		assertThat(this.pool.fleet.started).hasSize(1);
	}

	@Test
	void aSlotThatIsGivenUpBeforeItsTurnIsNeverFilled() {
		this.pool.queue = new StartQueue(1);
		this.pool.settings.size(3);
		CompletableFuture<Void> started = this.pool.start();
		this.pool.workers().resize(1);
		this.pool.loop.run();
		this.pool.readyAll();
		assertThat(started).isCompleted();
		assertThat(this.pool.fleet.started).hasSize(1);
		assertThat(this.pool.snapshot().slots()).hasSize(1);
	}

	@Test
	void aWorkerThatTakesLongOrDiesHoldsUpNoOther() {
		this.pool.queue = new StartQueue(1);
		this.pool.settings.size(3).failFast = false;
		this.pool.start();
		this.pool.fleet.started.get(0).die();
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(1);
		this.pool.advance(WorkerStarter.MAX_TURN);
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(1, 0);
		// the late one must not end the turn of another
		this.pool.fleet.started.get(1).ready();
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(0);
	}

	@Test
	void theTurnsAreThoseOfAllPoolsTogether() {
		TestPool other = new TestPool();
		this.pool.queue = new StartQueue(2);
		other.queue = this.pool.queue;
		this.pool.start();
		other.settings.size(2);
		other.start();
		assertThat(other.fleet.starting()).hasSize(1);
		this.pool.readyAll();
		other.loop.run();
		assertThat(other.fleet.starting()).hasSize(2);
	}

	@Test
	void aPoolWithoutSlotsStartsAtOnce() {
		this.pool.settings.size(0);
		assertThat(this.pool.start()).isCompleted();
	}

	@Test
	void messagesWaitForTheFirstWorker() {
		this.pool.start();
		ScriptedExchange call = this.pool.call();
		assertThat(this.pool.snapshot().waiting()).isEqualTo(1);
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(call);
	}

	@Test
	void aWorkerThatCannotStartFailsTheStart() {
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
		CompletableFuture<Void> stopped = this.pool.workers().stop(Duration.ZERO);
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
		assertThat(this.pool.fleet.starting()).singleElement().extracting(TestWorker::slot).isEqualTo(0);
	}

	@Test
	void aWorkerThatDiesAfterItWasReadyDoesNotFailTheStart() {
		this.pool.settings.size(2);
		CompletableFuture<Void> started = this.pool.start();
		this.pool.fleet.started.get(0).ready().die();
		this.pool.readyAll();
		assertThat(started).isCompleted();
	}

	@Test
	void aWorkerThatCannotStartLaterDoesNotFailAnything() {
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
		CompletableFuture<Void> stopped = this.pool.workers().stop(Duration.ofSeconds(10));
		this.pool.loop.run();
		assertThat(started.handle((nothing, ex) -> ex).join()).isInstanceOf(PoolClosedException.class);
		assertThat(call.outcome()).isCompletedExceptionally();
		assertThat(stopped).isNotDone();
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		assertThat(this.pool.fleet.started).hasSize(1);
	}

	@Test
	void workersThatDieAsSoonAsTheyServeFailTheStart() {
		this.pool.settings.size(2);
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		CompletableFuture<Void> started = this.pool.start();
		for (int i = 0; i < 3; i++) {
			this.pool.fleet.starting().get(0).ready().die();
			this.pool.advance(Duration.ofSeconds(8));
		}
		assertThat(started).isCompletedExceptionally();
		assertThat(started.handle((nothing, ex) -> ex).join()).isInstanceOf(PoolDegradedException.class)
			.hasMessageContaining("more than 2 workers");
	}

	@Test
	void aPoolThatIsStoppedBeforeItsStartNeverStarts() {
		WorkerPool workers = this.pool.create();
		CompletableFuture<Void> stopped = workers.stop(Duration.ofSeconds(10));
		CompletableFuture<Void> started = workers.begin();
		this.pool.loop.run();
		assertThat(stopped).isCompleted();
		assertThat(started).isCompletedExceptionally();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.pool.call());
		assertThat(this.pool.fleet.started).isEmpty();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.STOPPING);
	}

}
