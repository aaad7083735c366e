package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the end of a pool.
 */
class StopTests {

	private final TestPool pool = new TestPool();

	@Test
	void whatWasTakenIsFinishedAndNothingNewIsTaken() {
		this.pool.started();
		ScriptedExchange running = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(this.pool::call);
		assertThat(this.pool.fleet.leaving()).isEmpty();
		this.pool.fleet.at(0).answer();
		this.pool.advance(Duration.ofSeconds(4));
		assertThat(this.pool.fleet.leaving()).isEmpty();
		this.pool.fleet.at(0).answer();
		assertThat(running.outcome()).isCompleted();
		assertThat(waiting.outcome()).isCompleted();
		assertThat(this.pool.fleet.leaving()).singleElement()
			.satisfies((worker) -> assertThat(worker.draining).isEqualTo(Duration.ofSeconds(6)));
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.STOPPING);
	}

	@Test
	void whatIsNotFinishedWithinTheGraceFails() {
		this.pool.started();
		ScriptedExchange running = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(RestartTests.failure(waiting)).isInstanceOf(PoolClosedException.class);
		assertThat(running.outcome()).isNotDone();
		assertThat(this.pool.fleet.leaving()).singleElement()
			.satisfies((worker) -> assertThat(worker.draining).isEqualTo(Duration.ZERO));
		this.pool.fleet.leaving().get(0).die();
		assertThat(running.outcome()).isCompletedExceptionally();
		assertThat(stopped).isCompleted();
	}

	@Test
	void workersThatHaveFinishedLeaveBeforeOneThatIsLate() {
		this.pool.settings.spares = 1;
		this.pool.started(3);
		ScriptedExchange late = this.pool.call();
		ScriptedExchange soon = this.pool.call();
		TestWorker busy = this.pool.fleet.holderOf(soon);
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		this.pool.advance(Duration.ofMillis(4999));
		assertThat(this.pool.fleet.leaving()).isEmpty();
		this.pool.advance(Duration.ofSeconds(1));
		assertThat(this.pool.fleet.leaving()).hasSize(2).doesNotContain(busy);
		busy.answer();
		assertThat(busy.draining).isEqualTo(Duration.ofMillis(4001));
		this.pool.leaveAll();
		assertThat(this.pool.fleet.alive()).containsExactly(this.pool.fleet.holderOf(late));
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(this.pool.fleet.holderOf(late).draining).isEqualTo(Duration.ZERO);
		this.pool.fleet.holderOf(late).die();
		assertThat(stopped).isCompleted();
	}

	@Test
	void whoeverHangsUntilTheEndPrintsItsThreadsBefore() {
		this.pool.started(2);
		ScriptedExchange hanging = this.pool.call();
		TestWorker finished = this.pool.fleet.serving()
			.stream()
			.filter((worker) -> worker.inbox.isEmpty())
			.findFirst()
			.orElseThrow();
		stop(Duration.ofSeconds(10));
		this.pool.advance(Duration.ofMillis(8_999));
		TestWorker holder = this.pool.fleet.holderOf(hanging);
		assertThat(holder.threadDumps).isZero();
		this.pool.advance(Duration.ofMillis(1));
		assertThat(holder.threadDumps).isOne();
		assertThat(finished.threadDumps).isZero();
		assertThat(holder.draining).isNull();
	}

	@Test
	void whoeverHasFinishedOrHasNoTimePrintsNoThreads() {
		this.pool.started();
		this.pool.call();
		TestWorker finished = this.pool.fleet.at(0);
		stop(Duration.ofSeconds(10));
		finished.answer();
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(finished.threadDumps).isZero();
		TestPool hurried = new TestPool();
		hurried.started();
		hurried.call();
		TestWorker hanging = hurried.fleet.at(0);
		hurried.workers().stop(Duration.ofSeconds(2));
		hurried.advance(Duration.ofSeconds(2));
		assertThat(hanging.draining).isEqualTo(Duration.ZERO);
		assertThat(hanging.threadDumps).isZero();
	}

	@Test
	void oneThatDiesLateIsReplacedForWhatItHasGivenBack() {
		this.pool.started(2);
		ScriptedExchange call = this.pool.call();
		stop(Duration.ofSeconds(10));
		this.pool.advance(Duration.ofSeconds(6));
		TestWorker holder = this.pool.fleet.holderOf(call);
		holder.startedOnes = 0;
		holder.die();
		this.pool.readyAll();
		assertThat(this.pool.fleet.holderOf(call).answer()).isSameAs(call);
		assertThat(call.outcome()).isCompleted();
	}

	@Test
	void withoutAnyGraceWorkersLeaveAtOnce() {
		this.pool.started(2);
		ScriptedExchange running = this.pool.call();
		CompletableFuture<Void> stopped = stop(Duration.ZERO);
		assertThat(this.pool.fleet.leaving()).hasSize(2)
			.allSatisfy((worker) -> assertThat(worker.draining).isEqualTo(Duration.ZERO));
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		assertThat(running.outcome()).isCompletedExceptionally();
	}

	@Test
	void aGraceOfCenturiesIsNotOver() {
		this.pool.started();
		ScriptedExchange running = this.pool.call();
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(Long.MAX_VALUE));
		this.pool.advance(Duration.ofDays(1));
		assertThat(running.outcome()).isNotDone();
		assertThat(this.pool.fleet.leaving()).isEmpty();
		this.pool.fleet.at(0).answer();
		assertThat(this.pool.fleet.leaving()).singleElement()
			.satisfies((worker) -> assertThat(worker.draining).isGreaterThan(Duration.ofDays(365 * 200)));
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
	}

	@Test
	void anIdlePoolStopsAtOnce() {
		this.pool.started(2);
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		assertThat(this.pool.fleet.leaving()).hasSize(2);
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
	}

	@Test
	void aCallWhoseCallerHasGivenUpIsWaitedFor() {
		this.pool.started();
		this.pool.call().cancel();
		stop(Duration.ofSeconds(10));
		assertThat(this.pool.fleet.leaving()).isEmpty();
		this.pool.fleet.at(0).answer();
		assertThat(this.pool.fleet.leaving()).hasSize(1);
	}

	@Test
	void aPoolIsIdleWhenTheLastOneThatWaitsGivesUp() {
		this.pool.settings.queueTimeout = Duration.ofSeconds(3);
		this.pool.started();
		this.pool.call();
		ScriptedExchange cancelled = this.pool.call();
		this.pool.call();
		stop(Duration.ofSeconds(10));
		cancelled.cancel();
		this.pool.advance(Duration.ofSeconds(2));
		this.pool.fleet.at(0).leave();
		this.pool.advance(Duration.ofSeconds(1));
		assertThat(this.pool.fleet.leaving()).isEmpty();
		assertThat(this.pool.fleet.starting()).hasSize(1);
		this.pool.readyAll();
		this.pool.fleet.at(0).answer();
		assertThat(this.pool.fleet.leaving()).hasSize(1);
	}

	@Test
	void whatAWorkerGivesBackMeanwhileIsServedByAnother() {
		this.pool.started(2);
		ScriptedExchange call = this.pool.call();
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		this.pool.fleet.serving().stream().filter((worker) -> worker.inbox.contains(call)).toList().get(0).leave();
		assertThat(call.outcome()).isNotDone();
		this.pool.fleet.serving().get(0).answer();
		assertThat(call.outcome()).isCompleted();
		this.pool.leaveAll();
		this.pool.advance(Duration.ofMinutes(1));
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		assertThat(this.pool.fleet.alive()).isEmpty();
	}

	@Test
	void whatADrainedWorkerGivesBackInTheEndFails() {
		this.pool.started(2);
		ScriptedExchange call = this.pool.call();
		stop(Duration.ZERO);
		this.pool.leaveAll();
		assertThat(call.outcome()).isCompletedExceptionally();
		assertThat(this.pool.snapshot().waiting()).isZero();
	}

	@Test
	void aPoolWithoutWorkersFailsWhatWaits() {
		this.pool.started();
		this.pool.fleet.at(0).die();
		ScriptedExchange waiting = this.pool.call();
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		assertThat(RestartTests.failure(waiting)).isInstanceOf(PoolClosedException.class);
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
	}

	@Test
	void aReplacementThatStartsIsStoppedToo() {
		this.pool.settings.recycleAfter(1, 1);
		this.pool.started();
		this.pool.call();
		this.pool.fleet.at(0).answer();
		TestWorker replacement = this.pool.fleet.starting().get(0);
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		assertThat(this.pool.fleet.leaving()).hasSize(2);
		replacement.ready();
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		assertThat(this.pool.fleet.started).hasSize(2);
	}

	@Test
	void aDegradedPoolCanBeStoppedAndTriesNothingMore() {
		this.pool.settings.budget = new CrashBudget(1, Duration.ofSeconds(60));
		this.pool.started(2);
		this.pool.fleet.at(0).die();
		this.pool.fleet.at(1).die();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.DEGRADED);
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		int before = this.pool.fleet.started.size();
		this.pool.advance(Duration.ofHours(1));
		assertThat(this.pool.fleet.started).hasSize(before);
		assertThat(this.pool.loop.isIdle()).isTrue();
	}

	@Test
	void aPoolThatHasStoppedPlansNothing() {
		this.pool.settings.heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(30));
		this.pool.settings.spares = 1;
		this.pool.started(2);
		CompletableFuture<Void> stopped = stop(Duration.ofSeconds(10));
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(this.pool.loop.isIdle()).isTrue();
	}

	@Test
	void stoppingTwiceIsNoDifferentButForTheGrace() {
		this.pool.started();
		this.pool.call();
		CompletableFuture<Void> first = stop(Duration.ofMinutes(10));
		CompletableFuture<Void> second = stop(Duration.ofSeconds(1));
		this.pool.advance(Duration.ofSeconds(1));
		assertThat(this.pool.fleet.leaving()).hasSize(1);
		this.pool.leaveAll();
		assertThat(first).isCompleted();
		assertThat(second).isCompleted();
	}

	private CompletableFuture<Void> stop(Duration grace) {
		CompletableFuture<Void> stopped = this.pool.workers().stop(grace);
		this.pool.loop.run();
		return stopped;
	}

}
