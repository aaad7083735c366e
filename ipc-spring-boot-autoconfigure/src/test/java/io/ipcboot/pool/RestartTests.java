package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for how workers that have died are replaced, and for what is done if too many
 * die.
 */
class RestartTests {

	private final TestPool pool = new TestPool();

	@Test
	void theFirstDeathIsReplacedAtOnceAndFurtherOnesEverMoreSlowly() {
		this.pool.settings.budget = new CrashBudget(100, Duration.ofSeconds(60));
		this.pool.started();
		assertThat(pausesOfDeaths(7)).containsExactly(0L, 1000L, 2000L, 4000L, 8000L, 8000L, 8000L);
	}

	@Test
	void jitterShortensThePausesByAtMostItsPart() {
		this.pool.settings.budget = new CrashBudget(100, Duration.ofSeconds(60));
		this.pool.settings.backoff = new Backoff(Duration.ofSeconds(10), 1, Duration.ofSeconds(10), 0.5,
				Duration.ofSeconds(30));
		this.pool.started();
		List<Long> pauses = pausesOfDeaths(20).subList(1, 20);
		assertThat(pauses).allSatisfy((pause) -> assertThat(pause).isBetween(5000L, 10_000L));
		assertThat(pauses.stream().distinct().count()).isGreaterThan(3);
	}

	@Test
	void aWorkerThatHasLivedLongEnoughStartsTheSequenceAgain() {
		this.pool.started();
		assertThat(pausesOfDeaths(3)).containsExactly(0L, 1000L, 2000L);
		this.pool.advance(Duration.ofSeconds(30));
		assertThat(pausesOfDeaths(2)).containsExactly(0L, 1000L);
	}

	@Test
	void allRefusalsOfADegradedPoolShareOneTextWithAShortQuote() {
		this.pool.settings.budget = new CrashBudget(1, Duration.ofSeconds(60));
		this.pool.started();
		for (int i = 0; i < 2; i++) {
			this.pool.readyAll();
			this.pool.fleet.at(0).printed = Collections.nCopies(50, "x".repeat(8000));
			this.pool.fleet.at(0).die();
			this.pool.advance(Duration.ofSeconds(1));
		}
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(PoolDegradedException.class).isThrownBy(this.pool::call)
				.satisfies((refusal) -> texts.add(refusal.getMessage()));
		}
		assertThat(texts.get(0)).contains("xxxx").hasSizeLessThan(8 * 1024);
		assertThat(texts).allSatisfy((text) -> assertThat(text).isSameAs(texts.get(0)));
		assertThat(this.pool.slot(0).lastExit()).hasSizeLessThan(8 * 1024);
	}

	@Test
	void slotsHaveSequencesOfTheirOwn() {
		this.pool.started(2);
		pausesOfDeaths(3);
		TestWorker other = this.pool.fleet.at(1);
		other.die();
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).containsExactly(1);
	}

	@Test
	void oneThatLeavesByItselfIsReplacedAndNotHeldAgainstThePool() {
		this.pool.settings.budget = new CrashBudget(1, Duration.ofSeconds(60));
		this.pool.started();
		for (int i = 0; i < 5; i++) {
			this.pool.advance(Duration.ofSeconds(31));
			this.pool.fleet.at(0).leave();
			this.pool.readyAll();
		}
		assertThat(this.pool.fleet.serving()).hasSize(1);
		assertThat(this.pool.events).isEmpty();
	}

	@Test
	void oneThatLeavesByItselfGetsNothingMore() {
		this.pool.started(2);
		TestWorker leaver = this.pool.fleet.at(0);
		leaver.leave();
		ScriptedExchange call = this.pool.call();
		assertThat(this.pool.fleet.at(1).inbox).containsExactly(call);
	}

	@Test
	void overTheBudgetAPoolWithoutWorkersRefusesCallsAndFailsThoseThatWait() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.started();
		this.pool.fleet.at(0).die();
		this.pool.fleet.starting().get(0).ready().die();
		ScriptedExchange waiting = this.pool.call();
		this.pool.advance(Duration.ofSeconds(1));
		this.pool.fleet.starting().get(0).ready();
		ScriptedExchange running = waiting;
		ScriptedExchange behind = this.pool.call();
		this.pool.fleet.at(0).die();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.DEGRADED);
		assertThat(this.pool.snapshot().degradation()).contains("more than 2 workers");
		assertThat(running.outcome()).isCompletedExceptionally();
		assertThat(failure(behind)).isInstanceOf(PoolDegradedException.class).hasMessageContaining("more than 2");
		assertThatExceptionOfType(PoolDegradedException.class).isThrownBy(this.pool::call);
		assertThat(this.pool.events).containsExactly("degraded");
	}

	@Test
	void deathsWhileStartingAndWhileRunningAreCountedApart() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofHours(1));
		this.pool.started();
		for (int i = 0; i < 2; i++) {
			this.pool.fleet.at(0).die();
			this.pool.advance(Duration.ofSeconds(8));
			this.pool.fleet.starting().get(0).die();
			this.pool.advance(Duration.ofSeconds(8));
			this.pool.readyAll();
		}
		assertThat(this.pool.events).isEmpty();
		this.pool.fleet.at(0).die();
		assertThat(this.pool.events).containsExactly("degraded");
	}

	@Test
	void deathsOutsideThePeriodDoNotCount() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.started();
		for (int i = 0; i < 10; i++) {
			this.pool.advance(Duration.ofSeconds(31));
			this.pool.fleet.at(0).die();
			this.pool.readyAll();
		}
		assertThat(this.pool.events).isEmpty();
	}

	@Test
	void survivorsOfADegradedPoolStillServe() {
		degradeWithSurvivor();
		ScriptedExchange call = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		this.pool.fleet.at(1).answer();
		assertThat(call.outcome()).isCompleted();
		assertThat(this.pool.fleet.at(1).inbox).containsExactly(waiting);
	}

	@Test
	void aDegradedPoolTriesOneWorkerPerInterval() {
		degradeAll(3);
		int before = this.pool.fleet.started.size();
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(this.pool.fleet.started).hasSize(before);
		for (int probe = 1; probe <= 4; probe++) {
			this.pool.advance(Duration.ofSeconds(1));
			assertThat(this.pool.fleet.started).hasSize(before + probe);
			this.pool.fleet.starting().get(0).die();
			this.pool.advance(Duration.ofSeconds(29));
			assertThat(this.pool.fleet.started).hasSize(before + probe);
		}
	}

	@Test
	void aDegradedPoolTriesNoSecondWorkerWhileOneStarts() {
		degradeAll(3);
		this.pool.advance(Duration.ofSeconds(200));
		assertThat(this.pool.fleet.starting()).hasSize(1);
	}

	@Test
	void onceAProbeIsReadyAllSlotsAreFilledAgain() {
		degradeAll(3);
		this.pool.advance(Duration.ofSeconds(30));
		this.pool.fleet.starting().get(0).ready();
		assertThat(this.pool.events).containsExactly("degraded", "recovered");
		assertThat(this.pool.fleet.starting()).hasSize(2);
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).extracting(TestWorker::slot).containsExactlyInAnyOrder(0, 1, 2);
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.RUNNING);
		ScriptedExchange call = this.pool.call();
		assertThat(call.outcome()).isNotDone();
	}

	@Test
	void theBudgetIsWholeAgainAfterARecovery() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofHours(1));
		degradeAll(1);
		this.pool.advance(Duration.ofSeconds(30));
		this.pool.fleet.starting().get(0).ready();
		this.pool.fleet.at(0).die();
		this.pool.advance(Duration.ofSeconds(8));
		this.pool.readyAll();
		this.pool.fleet.at(0).die();
		assertThat(this.pool.events).containsExactly("degraded", "recovered");
	}

	@Test
	void aSurvivorThatLeavesADegradedPoolIsReplacedByAProbe() {
		degradeWithSurvivor();
		this.pool.done(this.pool.workers().resize(2));
		this.pool.fleet.at(1).leave();
		this.pool.advance(Duration.ofSeconds(30));
		assertThat(this.pool.fleet.starting()).hasSize(1);
	}

	@Test
	void aDegradedPoolThatIsMadeSmallerAndLosesItsSurvivorTriesAgain() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.started(2);
		for (int i = 0; i < 3; i++) {
			this.pool.fleet.at(1).die();
			this.pool.advance(Duration.ofSeconds(8));
			this.pool.readyAll();
		}
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.DEGRADED);
		this.pool.done(this.pool.workers().resize(1));
		this.pool.advance(Duration.ofSeconds(100));
		this.pool.fleet.at(0).leave();
		this.pool.advance(Duration.ofSeconds(30));
		assertThat(this.pool.fleet.starting()).hasSize(1);
	}

	@Test
	void aDegradedPoolWithoutEmptySlotsHasRecovered() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.started(2);
		for (int i = 0; i < 3; i++) {
			this.pool.fleet.at(1).die();
			this.pool.advance(Duration.ofSeconds(8));
			this.pool.readyAll();
		}
		this.pool.done(this.pool.workers().resize(1));
		this.pool.advance(Duration.ofSeconds(30));
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.RUNNING);
	}

	@Test
	void whatADeadWorkerGivesBackToADegradedPoolFailsInsteadOfWaiting() {
		this.pool.settings.budget = new CrashBudget(1, Duration.ofSeconds(60));
		this.pool.settings.retry = new PoolSettings.Retry(PoolSettings.RetryMode.IDEMPOTENT, 5);
		this.pool.started();
		this.pool.fleet.at(0).die();
		this.pool.readyAll();
		ScriptedExchange call = this.pool.idempotentCall("call");
		this.pool.fleet.at(0).die(Signal.KILL);
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.DEGRADED);
		assertThat(call.outcome()).isCompletedExceptionally();
		assertThat(this.pool.snapshot().waiting()).isZero();
	}

	@Test
	void aSpareTakesOverAtOnceAndIsReplaced() {
		this.pool.settings.spares = 1;
		this.pool.started(2);
		assertThat(this.pool.snapshot().spares()).isEqualTo(1);
		TestWorker spare = this.pool.fleet.at(-1);
		ScriptedExchange call = this.pool.call();
		ScriptedExchange other = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		this.pool.fleet.at(0).die();
		assertThat(spare.slot()).isZero();
		assertThat(spare.inbox).containsExactly(waiting);
		assertThat(this.pool.fleet.starting()).singleElement().extracting(TestWorker::slot).isEqualTo(-1);
		this.pool.readyAll();
		assertThat(this.pool.snapshot().spares()).isEqualTo(1);
		assertThat(call.outcome()).isCompletedExceptionally();
		assertThat(other.outcome()).isNotDone();
	}

	@Test
	void aSpareThatGetsReadyFillsAnEmptySlot() {
		this.pool.settings.spares = 1;
		this.pool.start();
		this.pool.fleet.started.get(0).ready();
		this.pool.fleet.at(0).die();
		TestWorker replacement = this.pool.fleet.starting().get(1);
		replacement.die();
		this.pool.fleet.started.get(1).ready();
		assertThat(this.pool.fleet.started.get(1).slot()).isZero();
		this.pool.advance(Duration.ofSeconds(60));
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).extracting(TestWorker::slot).containsExactlyInAnyOrder(0, -1);
	}

	@Test
	void aSpareThatLeavesIsNotGivenASlot() {
		this.pool.settings.spares = 1;
		this.pool.started();
		TestWorker spare = this.pool.fleet.at(-1);
		spare.announceLeaving();
		this.pool.fleet.at(0).die();
		assertThat(spare.slot()).isEqualTo(-1);
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).contains(0);
		spare.leave();
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).extracting(TestWorker::slot).containsExactlyInAnyOrder(0, -1);
	}

	@Test
	void sparesThatDieAreReplacedEverMoreSlowly() {
		this.pool.settings.spares = 1;
		this.pool.start();
		this.pool.fleet.started.get(0).ready();
		List<Long> pauses = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			this.pool.fleet.starting().get(0).die();
			pauses.add(timeUntilNextStart());
		}
		assertThat(pauses).containsExactly(0L, 1000L, 2000L, 4000L);
	}

	@Test
	void sparesThatDieWhileTheyWaitAreReplacedEverMoreSlowly() {
		this.pool.settings.spares = 1;
		this.pool.started();
		int started = 2;
		for (int i = 0; i < 4; i++) {
			this.pool.fleet.at(-1).die();
			this.pool.advance(Duration.ofMillis((i == 0) ? 0 : 499L << (i - 1)));
			assertThat(this.pool.fleet.started).as("death %d", i).hasSize((i == 0) ? ++started : started);
			this.pool.advance(Duration.ofSeconds(4));
			started = 3 + i;
			assertThat(this.pool.fleet.started).hasSize(started);
			this.pool.readyAll();
		}
	}

	@Test
	void aDegradedPoolStartsNoSpares() {
		this.pool.settings.spares = 1;
		this.pool.settings.budget = new CrashBudget(1, Duration.ofSeconds(60));
		this.pool.start();
		this.pool.fleet.started.get(0).ready().die();
		this.pool.fleet.starting().stream().filter((worker) -> worker.slot() == 0).findFirst().orElseThrow().ready();
		this.pool.fleet.at(0).die();
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.DEGRADED);
		this.pool.fleet.starting().get(0).die();
		int before = this.pool.fleet.started.size();
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(this.pool.fleet.started).hasSize(before);
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(this.pool.fleet.starting()).singleElement().extracting(TestWorker::slot).isEqualTo(0);
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving()).extracting(TestWorker::slot).containsExactlyInAnyOrder(0, -1);
	}

	@Test
	void aProcessThatCannotBeForkedIsTriedAgain() {
		this.pool.started();
		this.pool.fleet.refusal = TestFleet.noProcess();
		this.pool.fleet.at(0).die();
		this.pool.fleet.refusal = null;
		this.pool.advance(Duration.ofSeconds(1));
		assertThat(this.pool.fleet.starting()).hasSize(1);
	}

	private void degradeAll(int size) {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofHours(1));
		this.pool.started(size);
		while (this.pool.events.isEmpty()) {
			this.pool.fleet.at(0).die();
			this.pool.advance(Duration.ofSeconds(8));
			this.pool.readyAll();
		}
		this.pool.advance(Duration.ZERO);
		this.pool.fleet.serving().forEach(TestWorker::die);
		// the time since the degradation is not known exactly, so meet a probe
		while (this.pool.fleet.starting().isEmpty()) {
			this.pool.advance(Duration.ofSeconds(1));
		}
		this.pool.fleet.starting().get(0).die();
	}

	private void degradeWithSurvivor() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.started(2);
		for (int i = 0; i < 3; i++) {
			this.pool.fleet.at(0).die();
			this.pool.advance(Duration.ofSeconds(2));
			this.pool.readyAll();
		}
		assertThat(this.pool.snapshot().state()).isEqualTo(PoolState.DEGRADED);
	}

	private List<Long> pausesOfDeaths(int deaths) {
		List<Long> pauses = new ArrayList<>();
		for (int i = 0; i < deaths; i++) {
			this.pool.fleet.at(0).die();
			pauses.add(timeUntilNextStart());
			this.pool.readyAll();
		}
		return pauses;
	}

	private long timeUntilNextStart() {
		long millis = 0;
		while (this.pool.fleet.starting().isEmpty()) {
			this.pool.advance(Duration.ofMillis(1));
			millis++;
		}
		return millis;
	}

	static Throwable failure(ScriptedExchange exchange) {
		assertThat(exchange.outcome()).isCompletedExceptionally();
		return exchange.outcome().handle((reply, ex) -> ex).join();
	}

	@Test
	void workersThatTakeLongToFailDegradeThePoolToo() {
		this.pool.settings.failFast = false;
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.start();
		ScriptedExchange waiting = this.pool.call();
		for (int i = 0; i < 3; i++) {
			assertThat(waiting.outcome()).isNotDone();
			this.pool.advance(Duration.ofMinutes(2));
			this.pool.fleet.starting().get(0).die();
		}
		assertThat(failure(waiting)).isInstanceOf(PoolDegradedException.class)
			.hasMessageContaining("3 workers in a row could not start")
			.hasMessageContaining("before it was ready");
	}

	@Test
	void workersThatTakeLongToFailDoNotDegradeAPoolThatServes() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.started(2);
		this.pool.fleet.at(0).die();
		for (int i = 0; i < 5; i++) {
			this.pool.fleet.starting().get(0).die();
			this.pool.advance(Duration.ofMinutes(2));
		}
		assertThat(this.pool.events).isEmpty();
	}

	@Test
	void whatAnOperatorKillsIsNotHeldAgainstThePool() {
		this.pool.settings.budget = new CrashBudget(2, Duration.ofSeconds(60));
		this.pool.started();
		for (int i = 0; i < 5; i++) {
			assertThat(this.pool.done(this.pool.workers().kill(0))).isTrue();
			this.pool.fleet.at(0).die(Signal.KILL);
			this.pool.advance(Duration.ofSeconds(8));
			this.pool.readyAll();
		}
		assertThat(this.pool.events).isEmpty();
	}

}
