package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.ipcboot.messaging.ScriptedExchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the messages of a pool: which are sent, which wait, and which are refused.
 */
class TrafficTests {

	private final TestPool pool = new TestPool();

	@Test
	void aMemberHasNoMoreCallsThanItMayRun() {
		this.pool.settings.concurrency = 3;
		TestMember member = this.pool.started().fleet.at(0);
		List<ScriptedExchange> calls = this.pool.calls(5);
		assertThat(member.inbox).containsExactlyElementsOf(calls.subList(0, 3));
		member.answer();
		assertThat(member.inbox).containsExactlyElementsOf(calls.subList(1, 4));
	}

	@Test
	void oneWayMessagesNeedNoRoom() {
		TestMember member = this.pool.started().fleet.at(0);
		this.pool.call();
		List<ScriptedExchange> messages = this.pool.messages(10);
		assertThat(member.inbox).hasSize(11).containsAll(messages);
	}

	@Test
	void aPlaceIsKeptUntilTheMemberHasReallyAnswered() {
		TestMember member = this.pool.started().fleet.at(0);
		ScriptedExchange late = this.pool.call();
		ScriptedExchange next = this.pool.call();
		late.timeOut();
		assertThat(late.outcome()).isCompletedExceptionally();
		assertThat(member.inbox).containsExactly(late);
		member.answer();
		assertThat(member.inbox).containsExactly(next);
		assertThat(late.outcomes()).isOne();
	}

	@Test
	void aPlaceIsKeptByACancelledCallThatIsRunning() {
		TestMember member = this.pool.started().fleet.at(0);
		ScriptedExchange cancelled = this.pool.call();
		ScriptedExchange next = this.pool.call();
		cancelled.cancel();
		assertThat(cancelled.isCancelled()).isTrue();
		assertThat(member.inbox).containsExactly(cancelled);
		member.answer();
		assertThat(member.inbox).containsExactly(next);
	}

	@Test
	void aPlaceIsFreeWhenTheMessageIsTakenBackInTime() {
		TestMember member = this.pool.started().fleet.at(0);
		member.writesAtOnce = false;
		ScriptedExchange withdrawn = this.pool.call();
		ScriptedExchange next = this.pool.call();
		withdrawn.cancel();
		this.pool.loop.run();
		assertThat(withdrawn.isWithdrawn()).isTrue();
		assertThat(member.inbox).containsExactly(withdrawn, next);
		assertThat(this.pool.snapshot().slots().get(0).inFlight()).isOne();
	}

	@Test
	void aCallThatIsCancelledWhileItWaitsIsNeverSent() {
		TestMember member = this.pool.started().fleet.at(0);
		this.pool.call();
		ScriptedExchange cancelled = this.pool.call();
		ScriptedExchange next = this.pool.call();
		cancelled.cancel();
		assertThat(this.pool.snapshot().waiting()).isOne();
		member.answer();
		assertThat(member.inbox).containsExactly(next);
	}

	@Test
	void placesOfALostMemberAreFree() {
		this.pool.started();
		this.pool.call();
		this.pool.fleet.at(0).die();
		this.pool.readyAll();
		assertThat(this.pool.slot(0).inFlight()).isZero();
		ScriptedExchange call = this.pool.call();
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(call);
	}

	@Test
	void whoeverFindsTheLineFullIsRefusedAtOnce() {
		this.pool.settings.queueCapacity = 2;
		this.pool.started();
		this.pool.calls(3);
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(this.pool::call)
			.withMessageContaining("1 workers are busy and 2");
		assertThat(this.pool.snapshot().refused()).isOne();
		this.pool.fleet.at(0).answer();
		assertThat(this.pool.call().outcome()).isNotDone();
	}

	@Test
	void aCallThatWasCancelledMakesRoomInTheLine() {
		this.pool.settings.queueCapacity = 1;
		this.pool.started();
		this.pool.call();
		this.pool.call().cancel();
		assertThat(this.pool.call().outcome()).isNotDone();
	}

	@Test
	void withoutALineACallIsRefusedUnlessAMemberHasRoom() {
		this.pool.settings.queueCapacity = 0;
		this.pool.started();
		this.pool.call();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(this.pool::call);
	}

	@Test
	void whatMembersGiveBackNeedsNoRoomInTheLine() {
		this.pool.settings.queueCapacity = 1;
		this.pool.started();
		ScriptedExchange given = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		this.pool.fleet.at(0).leave();
		assertThat(this.pool.snapshot().waiting()).isEqualTo(2);
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(given);
		this.pool.fleet.at(0).answer();
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(waiting);
	}

	@Test
	void aCallThatWaitsTooLongFails() {
		this.pool.settings.queueTimeout = Duration.ofSeconds(2);
		this.pool.started();
		ScriptedExchange running = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		this.pool.advance(Duration.ofMillis(1999));
		assertThat(waiting.outcome()).isNotDone();
		this.pool.advance(Duration.ofMillis(1));
		assertThat(RestartTests.failure(waiting)).isInstanceOf(PoolSaturatedException.class)
			.hasMessageContaining("2,000 ms");
		assertThat(running.outcome()).isNotDone();
		assertThat(this.pool.snapshot().waiting()).isZero();
	}

	@Test
	void theTimeInTheLineIsOverOnceACallWasSent() {
		this.pool.settings.queueTimeout = Duration.ofSeconds(2);
		this.pool.started();
		this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		this.pool.advance(Duration.ofSeconds(1));
		this.pool.fleet.at(0).answer();
		this.pool.advance(Duration.ofSeconds(10));
		assertThat(waiting.outcome()).isNotDone();
	}

	@Test
	void aMemberThatDoesNotReadDoesNotHoldUpCallsForOthers() {
		this.pool.started(2);
		this.pool.calls(2);
		ScriptedExchange first = this.pool.call();
		ScriptedExchange second = this.pool.call();
		this.pool.fleet.at(0).reads(false);
		this.pool.fleet.at(0).answer();
		this.pool.fleet.at(1).answer();
		assertThat(this.pool.fleet.at(0).inbox).isEmpty();
		assertThat(this.pool.fleet.at(1).inbox).containsExactly(first);
		this.pool.fleet.at(0).reads(true);
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(second);
	}

	@Test
	void messagesThatWaitForAMemberThatDoesNotReadStayInOrder() {
		this.pool.start();
		List<ScriptedExchange> messages = this.pool.messages(4);
		TestMember member = this.pool.fleet.started.get(0);
		member.reads(false);
		member.ready();
		messages.addAll(this.pool.messages(3));
		assertThat(member.inbox).isEmpty();
		member.reads(true);
		assertThat(member.inbox).containsExactlyElementsOf(messages);
	}

	@Test
	void aFailureOfASendFreesThePlace() {
		TestMember member = this.pool.started().fleet.at(0);
		member.refusal = new IllegalStateException("too large");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.pool::call);
		assertThat(this.pool.slot(0).inFlight()).isZero();
		ScriptedExchange running;
		member.refusal = null;
		running = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		member.refusal = new IllegalStateException("too large");
		assertThat(member.answer()).isSameAs(running);
		assertThat(RestartTests.failure(waiting)).hasMessage("too large");
		assertThat(this.pool.slot(0).inFlight()).isZero();
	}

	@Test
	void theTimeInTheLineBeginsAgainForACallThatComesBack() {
		this.pool.settings.queueTimeout = Duration.ofSeconds(2);
		TestMember member = this.pool.started().fleet.at(0);
		ScriptedExchange call = this.pool.call();
		member.startedOnes = 0;
		member.die();
		this.pool.advance(Duration.ofMillis(1999));
		assertThat(call.outcome()).isNotDone();
		this.pool.advance(Duration.ofMillis(1));
		assertThat(RestartTests.failure(call)).isInstanceOf(PoolSaturatedException.class);
	}

	@Test
	void nobodyWaitsUntilAMemberReadsThatNeverWill() {
		TestMember member = this.pool.started().fleet.at(0);
		member.reads(false);
		member.closeUnnoticed();
		this.pool.call();
		assertThat(member.watches).isZero();
	}

	@Test
	void whoeverSendsWhatWaitsAndCannotGoOnLeavesItToTheNext() {
		TestMember member = this.pool.started().fleet.at(0);
		this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		member.meanwhile = () -> {
			throw new OutOfMemoryError("of the test");
		};
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(member::answer);
		ScriptedExchange behind = this.pool.call();
		this.pool.operation().traffic().open(new Seat(member, 0));
		this.pool.loop.run();
		assertThat(member.inbox).containsExactly(waiting, behind);
	}

	@Test
	void whoeverSendsMoreThanMembersReadIsRefusedWhenManyWait() {
		TestMember member = slowMember();
		ScriptedExchange last = crowd();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(() -> this.pool.message("x"));
		assertThat(this.pool.fleet.at(0).inbox).isEmpty();
		member.reads(true);
		assertThat(member.inbox).contains(last);
		assertThat(this.pool.message("x").exchange().peer()).isNotNull();
	}

	@Test
	void whoeverSendsMoreThanMembersReadIsHeldUpWhenManyWait() throws Exception {
		this.pool.sendTimeout = Duration.ofSeconds(30);
		TestMember member = slowMember();
		crowd();
		FutureTask<ScriptedExchange> held = new FutureTask<>(() -> this.pool.message("held up"));
		Thread sender = new Thread(held);
		sender.start();
		Awaitility.await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		member.reads(true);
		assertThat(member.inbox).contains(held.get(10, TimeUnit.SECONDS));
	}

	@Test
	void withoutAMemberMessagesWaitUntilTheyAreTooLarge() {
		this.pool.start();
		String large = "x".repeat(16 * 1024 * 1024);
		for (int i = 0; i < 4; i++) {
			this.pool.message(large);
		}
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(() -> this.pool.message("x"));
	}

	/** It is there, does not read, and messages wait for it. */
	private TestMember slowMember() {
		this.pool.start();
		this.pool.message("first");
		TestMember member = this.pool.fleet.started.get(0);
		member.reads(false);
		return member.ready();
	}

	private ScriptedExchange crowd() {
		String large = "x".repeat(1024 * 1024);
		ScriptedExchange last = this.pool.message(large);
		for (long size = large.length(); size < Throttle.CROWD; size += large.length()) {
			last = this.pool.message(large);
		}
		return last;
	}

}
