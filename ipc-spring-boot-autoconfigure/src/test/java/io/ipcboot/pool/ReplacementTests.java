package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.RollingRestartResult.Step;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for replacing workers that are alive: recycling, rolling restarts, and what an
 * operator can do.
 */
class ReplacementTests {

	private final TestPool pool = new TestPool();

	@Test
	void aWorkerThatHasServedEnoughIsReplacedByOneThatIsReadyFirst() {
		this.pool.settings.recycleAfter(2, 1);
		this.pool.started();
		TestWorker old = this.pool.fleet.at(0);
		serve(old, 2);
		assertThat(this.pool.fleet.starting()).hasSize(1);
		assertThat(old.draining).isNull();
		ScriptedExchange meanwhile = this.pool.call();
		assertThat(old.inbox).containsExactly(meanwhile);
		TestWorker next = this.pool.fleet.starting().get(0).ready();
		assertThat(old.draining).isEqualTo(Duration.ofSeconds(20));
		ScriptedExchange after = this.pool.call();
		assertThat(next.inbox).containsExactly(after);
		old.answer();
		old.leave();
		assertThat(meanwhile.outcome()).isCompleted();
		assertThat(this.pool.fleet.alive()).containsExactly(next);
		assertThat(this.pool.slot(0).deaths()).isZero();
	}

	@Test
	void whatAReplacedWorkerHandsBackComesBeforeNewMessages() {
		this.pool.settings.spares = 1;
		this.pool.started();
		TestWorker old = this.pool.fleet.at(0);
		ScriptedExchange running = this.pool.call();
		List<ScriptedExchange> messages = this.pool.messages(3);
		old.startedOnes = 1;
		this.pool.done(this.pool.workers().recycle(0, "of the test"));
		TestWorker next = this.pool.fleet.serving().get(0);
		assertThat(next).isNotSameAs(old);
		assertThat(old.draining).isNotNull();
		messages.addAll(this.pool.messages(2));
		ScriptedExchange call = this.pool.call();
		assertThat(next.inbox).isEmpty();
		for (ScriptedExchange message : messages.subList(0, 3)) {
			old.inbox.remove(message);
			message.lost(false, new ChannelClosedException(old.id(), "it leaves", null));
			this.pool.loop.run();
		}
		this.pool.advance(Duration.ofMillis(100));
		messages.add(call);
		assertThat(next.inbox).containsExactlyElementsOf(messages);
		assertThat(old.inbox).containsExactly(running);
	}

	@Test
	void aReplacedWorkerThatHandsBackNothingHoldsUpNewMessagesForAWhileOnly() {
		this.pool.settings.spares = 1;
		this.pool.started();
		TestWorker old = this.pool.fleet.at(0);
		ScriptedExchange stuck = this.pool.message("stuck");
		old.startedOnes = 0;
		this.pool.done(this.pool.workers().recycle(0, "of the test"));
		TestWorker next = this.pool.fleet.serving().get(0);
		ScriptedExchange message = this.pool.message("new");
		this.pool.advance(Succession.PATIENCE.minusMillis(1));
		assertThat(next.inbox).isEmpty();
		this.pool.advance(Duration.ofMillis(10));
		assertThat(next.inbox).containsExactly(message);
		assertThat(old.inbox).containsExactly(stuck);
	}

	@Test
	void severalWorkersTakeNewMessagesAtOnceWhenOneIsReplaced() {
		this.pool.settings.spares = 1;
		this.pool.started(2);
		TestWorker old = this.pool.fleet.at(0);
		this.pool.messages(2);
		old.startedOnes = 0;
		this.pool.done(this.pool.workers().recycle(0, "of the test"));
		TestWorker next = this.pool.fleet.at(0);
		List<ScriptedExchange> messages = this.pool.messages(2);
		assertThat(next.inbox).hasSize(1).containsAnyElementsOf(messages);
	}

	@Test
	void limitsOfCallsHaveJitter() {
		this.pool.settings.recycle = new RecyclePolicy(100, Duration.ZERO, 0.5, 0, 0, 0, 50);
		this.pool.started(30);
		List<Long> limits = new ArrayList<>();
		for (int served = 1; served <= 150; served++) {
			for (int slot = 0; slot < 30; slot++) {
				this.pool.call();
			}
			List<TestWorker> workers = this.pool.fleet.serving();
			for (TestWorker worker : workers) {
				int before = this.pool.fleet.starting().size();
				worker.answer();
				if (this.pool.fleet.starting().size() > before) {
					limits.add((long) served);
				}
			}
		}
		assertThat(limits).hasSize(30).allSatisfy((limit) -> assertThat(limit).isBetween(100L, 150L));
		assertThat(limits.stream().distinct().count()).isGreaterThan(5);
	}

	@Test
	void aWorkerThatIsTooOldIsReplaced() {
		this.pool.settings.recycle = new RecyclePolicy(0, Duration.ofMinutes(10), 0, 0, 0, 0, 1);
		this.pool.settings.heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(30));
		this.pool.started();
		this.pool.advance(Duration.ofMinutes(10).minusSeconds(1));
		assertThat(this.pool.fleet.starting()).isEmpty();
		this.pool.advance(Duration.ofSeconds(6));
		assertThat(this.pool.fleet.starting()).hasSize(1);
	}

	@Test
	void theHeapIsAskedForWithoutAHeartbeatToo() {
		this.pool.settings.recycle = new RecyclePolicy(0, Duration.ZERO, 0, 0, 0, 50, 1);
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.answersPings = false;
		this.pool.advance(Duration.ofMinutes(1));
		assertThat(worker.pings).isEqualTo(12);
		assertThat(worker.killed).isNull();
	}

	@Test
	void ageAndMemoryAreWatchedWithoutAHeartbeatToo() {
		this.pool.settings.recycle = new RecyclePolicy(0, Duration.ofMinutes(10), 0, 0, 0, 0, 1);
		this.pool.started();
		this.pool.advance(Duration.ofMinutes(11));
		assertThat(this.pool.fleet.starting()).hasSize(1);
		assertThat(this.pool.fleet.at(0).pings).isZero();
		assertThat(this.pool.fleet.at(0).killed).isNull();
	}

	@Test
	void aWorkerThatUsesTooMuchMemoryIsReplacedAndOneThatUsesFarTooMuchIsKilled() {
		this.pool.settings.recycle = new RecyclePolicy(0, Duration.ZERO, 0, 100, 200, 50, 1);
		this.pool.settings.heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(30));
		this.pool.started(3);
		this.pool.fleet.at(0).memory = new PooledWorker.Memory(101, 51);
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(this.pool.fleet.starting()).as("young workers need what they need").isEmpty();
		this.pool.fleet.at(0).memory = new PooledWorker.Memory(100, 50);
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(this.pool.fleet.starting()).isEmpty();
		this.pool.fleet.at(0).memory = new PooledWorker.Memory(101, 50);
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(this.pool.fleet.starting()).singleElement().extracting(TestWorker::slot).isEqualTo(0);
		this.pool.readyAll();
		this.pool.leaveAll();
		this.pool.fleet.at(1).memory = new PooledWorker.Memory(10, 51);
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(this.pool.fleet.starting()).singleElement().extracting(TestWorker::slot).isEqualTo(1);
		this.pool.fleet.at(2).memory = new PooledWorker.Memory(201, 0);
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(this.pool.fleet.at(2).killed).isEqualTo(LossCause.OUT_OF_MEMORY);
	}

	@Test
	void neverMoreSlotsAreRecycledAtATimeThanAllowed() {
		this.pool.settings.recycleAfter(1, 2);
		this.pool.started(5);
		List.copyOf(this.pool.fleet.serving()).forEach((worker) -> this.pool.call());
		this.pool.fleet.serving().forEach((worker) -> serve(worker, worker.inbox.size()));
		assertThat(this.pool.fleet.starting()).hasSize(2);
		this.pool.fleet.starting().get(0).ready();
		assertThat(this.pool.fleet.starting()).hasSize(1);
		assertThat(this.pool.fleet.leaving()).hasSize(1);
		this.pool.fleet.leaving().get(0).leave();
		assertThat(this.pool.fleet.starting()).hasSize(2);
		for (int i = 0; i < 10; i++) {
			this.pool.readyAll();
			this.pool.leaveAll();
		}
		assertThat(this.pool.fleet.started).hasSize(10);
		assertThat(this.pool.fleet.serving()).hasSize(5);
	}

	@Test
	void aReplacementThatCannotStartKeepsTheOldWorker() {
		this.pool.settings.recycleAfter(1, 1);
		this.pool.started();
		TestWorker old = this.pool.fleet.at(0);
		serve(old, 1);
		this.pool.fleet.starting().get(0).die();
		assertThat(old.draining).isNull();
		serve(old, 1);
		assertThat(this.pool.fleet.starting()).isEmpty();
		this.pool.advance(Duration.ofSeconds(30));
		serve(old, 1);
		this.pool.fleet.starting().get(0).ready();
		assertThat(old.draining).isNotNull();
		assertThat(this.pool.events).isEmpty();
	}

	@Test
	void aWorkerThatDiesWhileItsReplacementStartsIsFollowedByIt() {
		this.pool.settings.recycleAfter(1, 1);
		this.pool.started();
		serve(this.pool.fleet.at(0), 1);
		this.pool.fleet.at(0).die();
		assertThat(this.pool.fleet.alive()).hasSize(1);
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).hasSize(1);
		serve(this.pool.fleet.at(0), 1);
		assertThat(this.pool.fleet.starting()).hasSize(1);
	}

	@Test
	void aSpareIsTheReplacementAtOnce() {
		this.pool.settings.recycleAfter(1, 1);
		this.pool.settings.spares = 1;
		this.pool.started();
		TestWorker old = this.pool.fleet.at(0);
		TestWorker spare = this.pool.fleet.at(-1);
		serve(old, 1);
		assertThat(old.draining).isNotNull();
		assertThat(spare.slot()).isZero();
		assertThat(this.pool.fleet.starting()).singleElement().extracting(TestWorker::slot).isEqualTo(-1);
	}

	@Test
	void aRestartReplacesOneSlotAfterTheOther() {
		this.pool.started(3);
		List<PeerId> before = this.pool.fleet.serving().stream().map(TestWorker::id).toList();
		CompletableFuture<RollingRestartResult> restart = restart();
		for (int slot = 0; slot < 3; slot++) {
			assertThat(this.pool.fleet.starting()).singleElement().extracting(TestWorker::slot).isEqualTo(slot);
			assertThat(this.pool.fleet.leaving()).isEmpty();
			this.pool.readyAll();
			assertThat(this.pool.fleet.leaving()).singleElement().extracting(TestWorker::slot).isEqualTo(slot);
			assertThat(this.pool.fleet.starting()).isEmpty();
			assertThat(restart).isNotDone();
			this.pool.leaveAll();
		}
		RollingRestartResult result = this.pool.done(restart);
		assertThat(result.complete()).isTrue();
		assertThat(result.steps()).extracting(Step::before).containsExactlyElementsOf(before);
		assertThat(result.steps()).extracting(Step::after)
			.containsExactlyElementsOf(this.pool.fleet.serving().stream().map(TestWorker::id).toList());
		assertThat(result.steps()).extracting(Step::failure).containsOnlyNulls();
	}

	@Test
	void aRestartHaltsAtTheFirstWorkerThatCannotStartAndKeepsTheRest() {
		this.pool.started(3);
		List<TestWorker> before = this.pool.fleet.serving();
		CompletableFuture<RollingRestartResult> restart = restart();
		this.pool.readyAll();
		this.pool.leaveAll();
		this.pool.fleet.starting().get(0).die();
		RollingRestartResult result = this.pool.done(restart);
		assertThat(result.complete()).isFalse();
		assertThat(result.steps()).hasSize(3);
		assertThat(result.steps().get(0).after()).isNotEqualTo(before.get(0).id());
		assertThat(result.steps().get(1).after()).isEqualTo(before.get(1).id());
		assertThat(result.steps().get(1).failure()).contains("before it was ready");
		assertThat(result.steps().get(2)).isEqualTo(new Step(2, before.get(2).id(), before.get(2).id(), null));
		assertThat(this.pool.fleet.serving()).hasSize(3).contains(before.get(1), before.get(2));
	}

	@Test
	void aSecondRestartJoinsTheFirstAndALaterOneDoesNot() {
		this.pool.started(2);
		CompletableFuture<RollingRestartResult> first = restart();
		CompletableFuture<RollingRestartResult> second = restart();
		finishReplacements();
		assertThat(this.pool.done(second)).isSameAs(this.pool.done(first));
		assertThat(this.pool.fleet.started).hasSize(4);
		CompletableFuture<RollingRestartResult> third = restart();
		finishReplacements();
		assertThat(this.pool.done(third)).isNotSameAs(this.pool.done(first));
		assertThat(this.pool.fleet.started).hasSize(6);
	}

	@Test
	void aRestartFillsASlotWhoseWorkerHasDied() {
		this.pool.started(2);
		dieTwice(1);
		CompletableFuture<RollingRestartResult> restart = restart();
		finishReplacements();
		RollingRestartResult result = this.pool.done(restart);
		assertThat(result.complete()).isTrue();
		assertThat(result.steps().get(1)).isEqualTo(new Step(1, null, this.pool.fleet.at(1).id(), null));
		this.pool.advance(Duration.ofMinutes(1));
		assertThat(this.pool.fleet.alive()).hasSize(2);
	}

	/** Its slot then stays empty for a while. */
	private void dieTwice(int slot) {
		this.pool.fleet.at(slot).die();
		this.pool.fleet.starting().get(0).die();
		assertThat(this.pool.fleet.alive()).hasSize(1);
	}

	@Test
	void aRestartHaltsAtASlotThatCannotBeFilled() {
		this.pool.started(2);
		TestWorker other = this.pool.fleet.at(1);
		dieTwice(0);
		CompletableFuture<RollingRestartResult> restart = restart();
		this.pool.fleet.starting().get(0).die();
		RollingRestartResult result = this.pool.done(restart);
		assertThat(result.complete()).isFalse();
		assertThat(result.steps().get(0).failure()).contains("before it was ready");
		assertThat(this.pool.fleet.serving()).containsExactly(other);
		// it is filled later, as any slot whose worker has died
		this.pool.advance(Duration.ofMinutes(1));
		assertThat(this.pool.fleet.starting()).hasSize(1);
	}

	@Test
	void aRestartReplacesSparesTooAndDoesNotUseThem() {
		this.pool.settings.spares = 1;
		this.pool.started(2);
		List<TestWorker> before = this.pool.fleet.serving();
		CompletableFuture<RollingRestartResult> restart = restart();
		finishReplacements();
		assertThat(this.pool.done(restart).complete()).isTrue();
		assertThat(this.pool.fleet.serving()).hasSize(3).doesNotContainAnyElementsOf(before);
	}

	@Test
	void anOldSpareThatStepsInDuringARestartIsReplacedToo() {
		this.pool.settings.spares = 1;
		this.pool.started(2);
		List<TestWorker> before = this.pool.fleet.serving();
		TestWorker spare = this.pool.fleet.at(-1);
		CompletableFuture<RollingRestartResult> restart = restart();
		this.pool.readyAll();
		this.pool.leaveAll();
		this.pool.fleet.at(0).die();
		assertThat(spare.slot()).isZero();
		finishReplacements();
		RollingRestartResult result = this.pool.done(restart);
		assertThat(result.complete()).isTrue();
		assertThat(result.steps()).extracting(Step::slot).containsExactly(0, 1, 0);
		assertThat(result.steps()).last().extracting(Step::before).isEqualTo(spare.id());
		assertThat(this.pool.fleet.serving()).hasSize(3).doesNotContainAnyElementsOf(before);
	}

	@Test
	void restartAndRecyclingTogetherStayWithinTheLimit() {
		this.pool.settings.recycleAfter(1, 1);
		this.pool.started(3);
		serve(this.pool.fleet.at(2), 1);
		CompletableFuture<RollingRestartResult> restart = restart();
		for (int i = 0; i < 4; i++) {
			assertThat(this.pool.fleet.starting()).hasSize(1);
			this.pool.readyAll();
			assertThat(this.pool.fleet.leaving()).hasSize(1);
			this.pool.leaveAll();
		}
		assertThat(this.pool.done(restart).complete()).isTrue();
		assertThat(this.pool.fleet.alive()).hasSize(3);
	}

	@Test
	void aSlotThatIsGivenUpDuringARestartIsNoFailure() {
		this.pool.started(3);
		CompletableFuture<RollingRestartResult> restart = restart();
		this.pool.done(this.pool.workers().resize(1));
		finishReplacements();
		assertThat(this.pool.done(restart).complete()).isTrue();
		assertThat(this.pool.fleet.alive()).hasSize(1);
	}

	@Test
	void aSlotThatIsGivenUpWhileItIsReplacedIsNoFailure() {
		this.pool.started(1);
		CompletableFuture<RollingRestartResult> restart = restart();
		this.pool.done(this.pool.workers().resize(0));
		this.pool.leaveAll();
		assertThat(this.pool.done(restart).complete()).isTrue();
		assertThat(this.pool.fleet.alive()).isEmpty();
	}

	@Test
	void aWorkerThatDiesDuringARestartIsFollowedByItsReplacement() {
		this.pool.started(2);
		CompletableFuture<RollingRestartResult> restart = restart();
		this.pool.fleet.at(0).die();
		finishReplacements();
		assertThat(this.pool.done(restart).complete()).isTrue();
		assertThat(this.pool.fleet.alive()).hasSize(2);
		assertThat(this.pool.fleet.started).hasSize(4);
	}

	@Test
	void aRestartEndsWhenThePoolIsStopped() {
		this.pool.started(3);
		CompletableFuture<RollingRestartResult> restart = restart();
		CompletableFuture<Void> stopped = this.pool.workers().stop(Duration.ZERO);
		this.pool.loop.run();
		this.pool.leaveAll();
		this.pool.done(stopped);
		assertThat(this.pool.done(restart).complete()).isFalse();
		assertThat(this.pool.fleet.alive()).isEmpty();
	}

	@Test
	void resizingWhileWorkersStartLetsTheOnesGoThatAreTooMany() {
		this.pool.settings.size(3);
		CompletableFuture<Void> started = this.pool.start();
		this.pool.done(this.pool.workers().resize(1));
		assertThat(this.pool.fleet.leaving()).extracting(TestWorker::slot).containsExactly(1, 2);
		this.pool.fleet.started.get(0).ready();
		assertThat(started).isCompleted();
		this.pool.fleet.started.get(1).ready();
		assertThat(this.pool.snapshot().slots()).hasSize(1);
		this.pool.leaveAll();
		this.pool.done(this.pool.workers().resize(2));
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).extracting(TestWorker::slot).containsExactly(0, 1);
	}

	@Test
	void resizingUpAndDownAgainStartsAndStopsWorkers() {
		this.pool.started(1);
		this.pool.done(this.pool.workers().resize(3));
		this.pool.readyAll();
		this.pool.call();
		this.pool.call();
		ScriptedExchange last = this.pool.call();
		TestWorker leaver = this.pool.fleet.serving()
			.stream()
			.filter((worker) -> worker.inbox.contains(last))
			.findFirst()
			.orElseThrow();
		this.pool.done(this.pool.workers().resize(0));
		assertThat(this.pool.fleet.leaving()).hasSize(3);
		leaver.answer();
		assertThat(last.outcome()).isCompleted();
		this.pool.fleet.leaving().stream().filter((worker) -> worker != leaver).forEach(TestWorker::answer);
		this.pool.leaveAll();
		ScriptedExchange waiting = this.pool.call();
		this.pool.done(this.pool.workers().resize(1));
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).contains(waiting);
	}

	@Test
	void aDrainedSlotIsFilledAgainWhenItsWorkerHasLeft() {
		this.pool.started(2);
		TestWorker old = this.pool.fleet.at(1);
		assertThat(this.pool.done(this.pool.workers().drain(1))).isTrue();
		assertThat(old.draining).isNotNull();
		assertThat(this.pool.slot(1).state()).isEqualTo(WorkerState.DRAINING);
		assertThat(this.pool.fleet.starting()).isEmpty();
		old.leave();
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(1)).isNotSameAs(old);
		assertThat(this.pool.done(this.pool.workers().drain(7))).isFalse();
		assertThat(this.pool.slot(1).deaths()).isZero();
	}

	@Test
	void aSlotThatIsDrainedWhileItsWorkerStartsIsFilledAgain() {
		this.pool.started(1);
		this.pool.fleet.at(0).die();
		TestWorker starting = this.pool.fleet.starting().get(0);
		this.pool.done(this.pool.workers().drain(0));
		starting.ready();
		assertThat(this.pool.fleet.serving()).isEmpty();
		starting.leave();
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).hasSize(1);
	}

	@Test
	void aWorkerCanBeKilled() {
		this.pool.started(1);
		assertThat(this.pool.done(this.pool.workers().kill(0))).isTrue();
		assertThat(this.pool.fleet.at(0).killed).isEqualTo(LossCause.KILLED);
		assertThat(this.pool.done(this.pool.workers().kill(1))).isFalse();
	}

	private CompletableFuture<RollingRestartResult> restart() {
		CompletableFuture<RollingRestartResult> restart = this.pool.workers().restart();
		this.pool.loop.run();
		return restart;
	}

	private void finishReplacements() {
		while (this.pool.fleet.starting().size() + this.pool.fleet.leaving().size() > 0) {
			this.pool.readyAll();
			this.pool.leaveAll();
		}
	}

	/** Let a worker answer calls; others keep theirs. */
	private void serve(TestWorker worker, int calls) {
		for (int i = 0; i < calls; i++) {
			while (worker.inbox.isEmpty()) {
				this.pool.call();
			}
			worker.answer();
		}
	}

}
