package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.OnTimeout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for how members that hang are found and killed.
 */
class LivenessTests {

	private final TestPool pool = new TestPool();

	@BeforeEach
	void beat() {
		this.pool.settings.heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(30));
	}

	@Test
	void aMemberThatAnswersPingsLives() {
		this.pool.started();
		this.pool.advance(Duration.ofHours(1));
		assertThat(this.pool.fleet.at(0).killed).isNull();
		assertThat(this.pool.fleet.at(0).pings).isEqualTo(720);
	}

	@Test
	void aMemberThatSendsNothingIsKilled() {
		TestMember member = this.pool.started().fleet.at(0);
		member.answersPings = false;
		this.pool.advance(Duration.ofSeconds(30));
		assertThat(member.killed).isNull();
		this.pool.advance(Duration.ofSeconds(6));
		assertThat(member.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void everyByteIsASignOfLife() {
		TestMember member = this.pool.started().fleet.at(0);
		member.answersPings = false;
		for (int i = 0; i < 20; i++) {
			this.pool.advance(Duration.ofSeconds(25));
			member.received++;
		}
		assertThat(member.killed).isNull();
	}

	@Test
	void sparesAreAskedToo() {
		this.pool.settings.spares = 1;
		TestMember spare = this.pool.started().fleet.at(-1);
		spare.answersPings = false;
		this.pool.advance(Duration.ofSeconds(40));
		assertThat(spare.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void aMemberThatGetsReadyLateHasItsWholeTime() {
		this.pool.start();
		this.pool.advance(Duration.ofSeconds(100));
		TestMember member = this.pool.fleet.started.get(0).ready();
		member.answersPings = false;
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(member.killed).isNull();
	}

	@Test
	void whoWasPausedItselfKillsNobody() {
		TestMember member = this.pool.started().fleet.at(0);
		member.answersPings = false;
		this.pool.advance(Duration.ofSeconds(20));
		this.pool.loop.freeze(Duration.ofSeconds(60));
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(member.killed).isNull();
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(member.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void whoWasPausedWhileItLookedKillsNobody() {
		TestMember member = this.pool.started().fleet.at(0);
		member.answersPings = false;
		member.onPing = () -> {
			member.onPing = () -> {
			};
			this.pool.loop.freeze(Duration.ofSeconds(60));
		};
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(member.pings).isPositive();
		this.pool.advance(Duration.ofSeconds(29));
		assertThat(member.killed).isNull();
		this.pool.advance(Duration.ofSeconds(15));
		assertThat(member.killed).isEqualTo(LossCause.HEARTBEAT);
	}

	@Test
	void aCallThatIsNotStoppedInTimeKillsItsMember() {
		TestMember member = this.pool.started().fleet.at(0);
		ScriptedExchange call = this.pool.call();
		call.timeOut();
		assertThat(call.isCancelled()).isTrue();
		this.pool.advance(Duration.ofMillis(4999));
		assertThat(member.killed).isNull();
		this.pool.advance(Duration.ofMillis(1));
		assertThat(member.killed).isEqualTo(LossCause.DEADLINE);
	}

	@Test
	void aCallThatIsStoppedInTimeKillsNobody() {
		TestMember member = this.pool.started().fleet.at(0);
		ScriptedExchange call = this.pool.call();
		call.timeOut();
		this.pool.advance(Duration.ofSeconds(4));
		member.answer();
		ScriptedExchange next = this.pool.call();
		this.pool.advance(Duration.ofSeconds(60));
		assertThat(member.killed).isNull();
		assertThat(member.inbox).containsExactly(next);
		assertThat(call.outcomes()).isOne();
	}

	@Test
	void aTimeoutOnlyCancelsIfThePoolSaysSo() {
		this.pool.settings.onTimeout = OnTimeout.CANCEL;
		TestMember member = this.pool.started().fleet.at(0);
		this.pool.call().timeOut();
		this.pool.advance(Duration.ofHours(1));
		assertThat(member.killed).isNull();
	}

	@Test
	void aCallThatExpiresWhileItWaitsKillsNobodyAndIsNeverStarted() {
		TestMember member = this.pool.started().fleet.at(0);
		ScriptedExchange running = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		waiting.timeOut();
		assertThat(this.pool.snapshot().waiting()).isZero();
		this.pool.advance(Duration.ofSeconds(60));
		member.answer();
		assertThat(member.killed).isNull();
		assertThat(this.pool.fleet.sent).extracting(TestFleet.Sent::exchange).containsExactly(running);
	}

	@Test
	void whoWasPausedItselfDoesNotKillForACallThatMayHaveBeenAnsweredMeanwhile() {
		TestMember member = this.pool.started().fleet.at(0);
		this.pool.call().timeOut();
		this.pool.loop.freeze(Duration.ofSeconds(60));
		this.pool.loop.run();
		assertThat(member.killed).isNull();
		member.answer();
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(member.killed).isNull();
	}

	@Test
	void whoWasPausedItselfStillKillsForACallThatIsNotAnswered() {
		TestMember member = this.pool.started().fleet.at(0);
		this.pool.call().timeOut();
		this.pool.loop.freeze(Duration.ofSeconds(60));
		this.pool.advance(Duration.ofSeconds(5));
		assertThat(member.killed).isEqualTo(LossCause.DEADLINE);
	}

	@Test
	void aKillBecauseOfACallLetsOthersGoOn() {
		this.pool.settings.killGrace = Duration.ZERO;
		this.pool.started(2);
		ScriptedExchange hanging = this.pool.call();
		ScriptedExchange other = this.pool.call();
		TestMember member = this.pool.fleet.serving()
			.stream()
			.filter((candidate) -> candidate.inbox.contains(hanging))
			.findFirst()
			.orElseThrow();
		hanging.timeOut();
		this.pool.advance(Duration.ZERO);
		assertThat(member.killed).isEqualTo(LossCause.DEADLINE);
		member.die();
		this.pool.readyAll();
		assertThat(other.outcome()).isNotDone();
		assertThat(this.pool.fleet.serving()).hasSize(2);
	}

	@Test
	void aSpareThatIsBeingKilledGetsNoSlot() {
		this.pool.settings.spares = 1;
		TestMember spare = this.pool.started().fleet.at(-1);
		spare.answersPings = false;
		this.pool.advance(Duration.ofSeconds(40));
		assertThat(spare.killed).isNotNull();
		this.pool.fleet.at(0).die();
		assertThat(spare.slot()).isEqualTo(-1);
		assertThat(this.pool.fleet.starting()).extracting(TestMember::slot).contains(0);
	}

}
