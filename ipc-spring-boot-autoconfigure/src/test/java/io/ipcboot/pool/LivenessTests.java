package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.OnTimeout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how workers that hang are found and killed.
 */
class LivenessTests {

	private final TestPool pool = new TestPool();

	@BeforeEach
	void beat() {
		this.pool.settings.heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(30));
	}

	@Test
	void aWorkerThatAnswersPingsLives() {
		this.pool.started();
		this.pool.advance(Duration.ofHours(1));
		assertThat(this.pool.fleet.at(0).killed).isNull();
		assertThat(this.pool.fleet.at(0).pings).isEqualTo(720);
	}

	@Test
	void aWorkerThatSendsNothingIsKilled() {
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.answersPings = false;
		this.pool.advance(Duration.ofSeconds(30));
		assertThat(worker.killed).isNull();
		this.pool.advance(Duration.ofSeconds(6));
		assertThat(worker.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void everyByteIsASignOfLife() {
		TestWorker worker = this.pool.started().fleet.at(0);
		for (int i = 0; i < 20; i++) {
			// an answer waits its turn behind what the worker sends
			worker.answersPings = i % 3 == 0;
			this.pool.advance(Duration.ofSeconds(25));
			worker.received++;
		}
		assertThat(worker.killed).isNull();
	}

	@Test
	void aWorkerThatSendsAndNeverReadsIsKilled() {
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.answersPings = false;
		for (int i = 0; i < 3; i++) {
			this.pool.advance(Duration.ofSeconds(25));
			worker.received++;
		}
		assertThat(worker.killed).isNull();
		this.pool.advance(Duration.ofSeconds(25));
		assertThat(worker.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void sparesAreAskedToo() {
		this.pool.settings.spares = 1;
		TestWorker spare = this.pool.started().fleet.at(-1);
		spare.answersPings = false;
		this.pool.advance(Duration.ofSeconds(40));
		assertThat(spare.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void aWorkerThatGetsReadyLateHasItsWholeTime() {
		this.pool.start();
		this.pool.advance(Duration.ofSeconds(100));
		TestWorker worker = this.pool.fleet.started.get(0).ready();
		worker.answersPings = false;
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(worker.killed).isNull();
	}

	@Test
	void whoWasPausedItselfKillsNobody() {
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.answersPings = false;
		this.pool.advance(Duration.ofSeconds(20));
		this.pool.loop.freeze(Duration.ofSeconds(60));
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(worker.killed).isNull();
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(worker.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void whoWasPausedWhileItLookedKillsNobody() {
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.answersPings = false;
		worker.onPing = () -> {
			worker.onPing = () -> {
			};
			this.pool.loop.freeze(Duration.ofSeconds(60));
		};
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(worker.pings).isPositive();
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(worker.killed).isNull();
		this.pool.advance(Duration.ofSeconds(15));
		assertThat(worker.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void aCallThatIsNotStoppedInTimeKillsItsWorker() {
		TestWorker worker = this.pool.started().fleet.at(0);
		ScriptedExchange call = this.pool.call();
		call.timeOut();
		assertThat(call.isCancelled()).isTrue();
		this.pool.advance(Duration.ofMillis(4999));
		assertThat(worker.killed).isNull();
		this.pool.advance(Duration.ofMillis(1));
		assertThat(worker.killed).isEqualTo(LossCause.DEADLINE);
	}

	@Test
	void aCallThatIsStoppedInTimeKillsNobody() {
		TestWorker worker = this.pool.started().fleet.at(0);
		ScriptedExchange call = this.pool.call();
		call.timeOut();
		this.pool.advance(Duration.ofSeconds(4));
		worker.answer();
		ScriptedExchange next = this.pool.call();
		this.pool.advance(Duration.ofSeconds(60));
		assertThat(worker.killed).isNull();
		assertThat(worker.inbox).containsExactly(next);
		assertThat(call.outcomes()).isOne();
	}

	@Test
	void aTimeoutOnlyCancelsIfThePoolSaysSo() {
		this.pool.settings.onTimeout = OnTimeout.CANCEL;
		TestWorker worker = this.pool.started().fleet.at(0);
		this.pool.call().timeOut();
		this.pool.advance(Duration.ofHours(1));
		assertThat(worker.killed).isNull();
	}

	@Test
	void aCallThatExpiresWhileItWaitsKillsNobodyAndIsNeverStarted() {
		TestWorker worker = this.pool.started().fleet.at(0);
		ScriptedExchange running = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		waiting.timeOut();
		assertThat(this.pool.snapshot().waiting()).isZero();
		this.pool.advance(Duration.ofSeconds(60));
		worker.answer();
		assertThat(worker.killed).isNull();
		assertThat(this.pool.fleet.sent).extracting(TestFleet.Sent::exchange).containsExactly(running);
	}

	@Test
	void whoWasPausedItselfDoesNotKillForACallThatMayHaveBeenAnsweredMeanwhile() {
		TestWorker worker = this.pool.started().fleet.at(0);
		this.pool.call().timeOut();
		this.pool.loop.freeze(Duration.ofSeconds(60));
		this.pool.loop.run();
		assertThat(worker.killed).isNull();
		worker.answer();
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(worker.killed).isNull();
	}

	@Test
	void whoWasPausedItselfStillKillsForACallThatIsNotAnswered() {
		TestWorker worker = this.pool.started().fleet.at(0);
		this.pool.call().timeOut();
		this.pool.loop.freeze(Duration.ofSeconds(60));
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(worker.killed).isEqualTo(LossCause.DEADLINE);
	}

	@Test
	void aKillBecauseOfACallLetsOthersGoOn() {
		this.pool.settings.killGrace = Duration.ZERO;
		this.pool.started(2);
		ScriptedExchange hanging = this.pool.call();
		ScriptedExchange other = this.pool.call();
		TestWorker worker = this.pool.fleet.serving()
			.stream()
			.filter((candidate) -> candidate.inbox.contains(hanging))
			.findFirst()
			.orElseThrow();
		hanging.timeOut();
		this.pool.advance(Duration.ZERO);
		assertThat(worker.killed).isEqualTo(LossCause.DEADLINE);
		worker.die();
		this.pool.readyAll();
		assertThat(other.outcome()).isNotDone();
		assertThat(this.pool.fleet.serving()).hasSize(2);
	}

	@Test
	void aSpareThatIsBeingKilledGetsNoSlot() {
		this.pool.settings.spares = 1;
		TestWorker spare = this.pool.started().fleet.at(-1);
		spare.answersPings = false;
		this.pool.advance(Duration.ofSeconds(40));
		assertThat(spare.killed).isNotNull();
		this.pool.fleet.at(0).die();
		assertThat(spare.slot()).isEqualTo(-1);
		assertThat(this.pool.fleet.starting()).extracting(TestWorker::slot).contains(0);
	}

}
