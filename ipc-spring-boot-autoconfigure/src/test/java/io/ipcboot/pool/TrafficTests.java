package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.Retry;
import io.ipcboot.pool.PoolSettings.RetryMode;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the messages of a pool: who gets them, who waits, and what becomes of them
 * when a member is lost.
 */
class TrafficTests {

	private final TestPool pool = new TestPool();

	@Test
	void aMemberHasNoMoreCallsThanItMayRun() {
		this.pool.settings.concurrency = 3;
		TestMember member = this.pool.started().fleet.at(0);
		List<ScriptedExchange> calls = calls(5);
		assertThat(member.inbox).containsExactlyElementsOf(calls.subList(0, 3));
		member.answer();
		assertThat(member.inbox).containsExactlyElementsOf(calls.subList(1, 4));
	}

	@Test
	void oneWayMessagesNeedNoRoom() {
		TestMember member = this.pool.started().fleet.at(0);
		this.pool.call();
		List<ScriptedExchange> messages = messages(10);
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
		calls(3);
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
	void callsGoToTheMemberThatHasTheFewest() {
		this.pool.settings.concurrency = 10;
		this.pool.started(3);
		calls(9);
		assertThat(this.pool.fleet.serving()).allSatisfy((member) -> assertThat(member.inbox).hasSize(3));
		this.pool.fleet.at(1).answer();
		this.pool.fleet.at(1).answer();
		calls(2);
		assertThat(this.pool.fleet.at(1).inbox).hasSize(3);
	}

	@Test
	void callsTakeTurnsWhateverMembersHave() {
		this.pool.settings.balancing = Balancing.ROUND_ROBIN;
		this.pool.settings.concurrency = 10;
		this.pool.started(3);
		for (int i = 0; i < 6; i++) {
			this.pool.call();
			this.pool.fleet.at(0).inbox.stream().findFirst().ifPresent((call) -> this.pool.fleet.at(0).answer());
		}
		assertThat(this.pool.fleet.sent.stream().map((sent) -> sent.member().slot())).containsExactly(0, 1, 2, 0, 1, 2);
	}

	@Test
	void theKeysOfADeadMemberMoveAndMoveBack() {
		this.pool.settings.balancing = Balancing.BY_KEY;
		this.pool.settings.concurrency = 1000;
		this.pool.started(3);
		List<Integer> before = owners();
		TestMember dead = this.pool.fleet.at(1);
		dead.die();
		List<Integer> meanwhile = owners();
		this.pool.readyAll();
		List<Integer> after = owners();
		assertThat(after).isEqualTo(before);
		assertThat(meanwhile).doesNotContain(1);
		for (int i = 0; i < before.size(); i++) {
			if (before.get(i) != 1) {
				assertThat(meanwhile.get(i)).isEqualTo(before.get(i));
			}
		}
		assertThat(before).contains(0, 1, 2);
	}

	@Test
	void aCallWaitsForTheOwnerOfItsKeyAndOthersDoNotWaitForIt() {
		this.pool.settings.balancing = Balancing.BY_KEY;
		this.pool.started(2);
		ScriptedExchange first = this.pool.call("call", "a");
		ScriptedExchange second = this.pool.call("call", "a");
		ScriptedExchange keyless = this.pool.call();
		assertThat(second.exchange().peer()).isNull();
		assertThat(keyless.exchange().peer()).isNotNull().isNotEqualTo(first.exchange().peer());
		this.pool.fleet.serving().stream().filter((member) -> member.inbox.contains(first)).toList().get(0).answer();
		assertThat(second.exchange().peer()).isEqualTo(first.exchange().peer());
	}

	@Test
	void callsOfAKeyAreStartedInOrder() {
		this.pool.settings.balancing = Balancing.BY_KEY;
		this.pool.started(2);
		List<ScriptedExchange> calls = IntStream.range(0, 5)
			.mapToObj((number) -> this.pool.call("call " + number, "a"))
			.toList();
		for (int i = 0; i < 5; i++) {
			this.pool.fleet.serving()
				.stream()
				.filter((member) -> !member.inbox.isEmpty())
				.toList()
				.forEach(TestMember::answer);
		}
		assertThat(this.pool.fleet.sent).extracting(TestFleet.Sent::exchange).containsExactlyElementsOf(calls);
	}

	@ParameterizedTest
	@EnumSource(RetryMode.class)
	void whatNobodyHasSeenGoesToAnotherMemberUnlessNothingIsSentAgain(RetryMode mode) {
		this.pool.settings.retry = new Retry(mode, 2);
		this.pool.settings.concurrency = 5;
		this.pool.started();
		ScriptedExchange call = this.pool.call();
		this.pool.fleet.at(0).leave();
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox.contains(call)).isEqualTo(mode != RetryMode.NEVER);
		assertThat(call.outcome().isDone()).isEqualTo(mode == RetryMode.NEVER);
	}

	@ParameterizedTest
	@EnumSource(RetryMode.class)
	void whatMayHaveRunFailsUnlessItMayBeRepeated(RetryMode mode) {
		this.pool.settings.retry = new Retry(mode, 2);
		this.pool.started(3);
		ScriptedExchange plain = this.pool.call();
		ScriptedExchange idempotent = this.pool.idempotentCall("again");
		holderOf(plain).die(Signal.KILL);
		holderOf(idempotent).die(Signal.KILL);
		assertThat(RestartTests.failure(plain)).isInstanceOf(WorkerLostException.class);
		assertThat(idempotent.outcome().isDone()).isEqualTo(mode != RetryMode.IDEMPOTENT);
	}

	@Test
	void aCallIsRepeatedOnlySoOften() {
		this.pool.settings.retry = new Retry(RetryMode.IDEMPOTENT, 2);
		this.pool.started(4);
		ScriptedExchange call = this.pool.idempotentCall("again");
		holderOf(call).die(Signal.KILL);
		holderOf(call).die(Signal.KILL);
		assertThat(call.outcome()).isNotDone();
		holderOf(call).die(Signal.KILL);
		assertThat(RestartTests.failure(call)).isInstanceOf(WorkerLostException.class);
	}

	@Test
	void aCallWhoseCallerHasGivenUpIsNotSentAgain() {
		this.pool.started();
		ScriptedExchange call = this.pool.call();
		call.timeOut();
		this.pool.fleet.at(0).leave();
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).isEmpty();
		assertThat(this.pool.snapshot().waiting()).isZero();
	}

	@ParameterizedTest
	@EnumSource(RetryMode.class)
	void aMessageThatFindsItsMemberGoneGoesToAnotherOne(RetryMode mode) {
		this.pool.settings.retry = new Retry(mode, 2);
		this.pool.started(2);
		this.pool.fleet.at(0).closeUnnoticed();
		this.pool.fleet.at(1).closeUnnoticed();
		ScriptedExchange call = this.pool.call();
		assertThat(call.outcome()).isNotDone();
		this.pool.fleet.at(0).die();
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving().stream().filter((member) -> member.inbox.contains(call))).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void messagesOfAMemberThatLeavesStayInOrder(boolean settlesFirst) {
		this.pool.fleet.settlesFirst = settlesFirst;
		this.pool.started();
		List<ScriptedExchange> all = messages(5);
		TestMember leaver = this.pool.fleet.at(0);
		leaver.closeUnnoticed();
		all.addAll(messages(3));
		leaver.leave();
		all.addAll(messages(3));
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).containsExactlyElementsOf(all);
	}

	@Test
	void callsOfAMemberThatLeavesStayInOrderAndBeforeThoseThatWait() {
		this.pool.settings.concurrency = 3;
		this.pool.started();
		List<ScriptedExchange> all = calls(5);
		this.pool.fleet.at(0).leave();
		all.addAll(calls(2));
		this.pool.readyAll();
		while (!this.pool.fleet.at(0).inbox.isEmpty()) {
			this.pool.fleet.at(0).answer();
		}
		List<ScriptedExchange> sent = this.pool.fleet.sent.stream().map(TestFleet.Sent::exchange).toList();
		assertThat(sent.subList(3, sent.size())).containsExactlyElementsOf(all);
	}

	@Test
	void aMemberThatDoesNotReadDoesNotHoldUpCallsForOthers() {
		this.pool.started(2);
		calls(2);
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
	void messagesPreferMembersThatRead() {
		this.pool.started(2);
		this.pool.fleet.at(0).reads(false);
		List<ScriptedExchange> messages = messages(4);
		assertThat(this.pool.fleet.at(1).inbox).containsExactlyElementsOf(messages);
	}

	@Test
	void messagesThatWaitForAMemberThatDoesNotReadStayInOrder() {
		this.pool.start();
		List<ScriptedExchange> messages = messages(4);
		TestMember member = this.pool.fleet.started.get(0);
		member.reads(false);
		member.ready();
		messages.addAll(messages(3));
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
	void aMessageThatHasKilledTwoMembersIsRefusedUntilItsTimeIsOver() {
		this.pool.started(3);
		killWith("poison", 2);
		assertThat(this.pool.events).containsExactly("quarantined");
		assertThatExceptionOfType(QuarantinedException.class).isThrownBy(() -> this.pool.call("poison", null))
			.satisfies((ex) -> assertThat(this.pool.snapshot().quarantine()).singleElement()
				.satisfies((entry) -> assertThat(entry.id()).isEqualTo(ex.getId())));
		assertThat(this.pool.call("food", null).outcome()).isNotDone();
		this.pool.advance(Duration.ofMinutes(10));
		assertThat(this.pool.call("poison", null).outcome()).isNotDone();
	}

	@Test
	void aMessageInQuarantineCanBeReleased() {
		this.pool.started(3);
		killWith("poison", 2);
		assertThat(this.pool.quarantine().release(this.pool.snapshot().quarantine().get(0).id())).isTrue();
		assertThat(this.pool.call("poison", null).outcome()).isNotDone();
	}

	@Test
	void theKeyOfACallCountsMoreThanItsPayload() {
		this.pool.started(3);
		for (int i = 0; i < 2; i++) {
			holderOf(this.pool.call("payload " + i, "tenant")).die();
			this.pool.readyAll();
		}
		assertThatExceptionOfType(QuarantinedException.class).isThrownBy(() -> this.pool.call("payload", "tenant"));
		assertThat(this.pool.call("payload 0", "other").outcome()).isNotDone();
	}

	@ParameterizedTest
	@EnumSource(value = Signal.class, names = { "KILL", "TERM", "INT", "HUP" })
	void aSignalFromOutsideIsNotTheFaultOfAMessage(Signal signal) {
		this.pool.started(3);
		for (int i = 0; i < 3; i++) {
			holderOf(this.pool.call("innocent", null)).die(signal);
			this.pool.advance(Duration.ofSeconds(10));
			this.pool.readyAll();
		}
		assertThat(this.pool.snapshot().quarantine()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(value = LossCause.class, names = { "HEARTBEAT", "DEADLINE", "OUT_OF_MEMORY", "PROTOCOL" })
	void aMessageIsSuspectedIfThePoolHadToKillItsMember(LossCause cause) {
		this.pool.started(3);
		for (int i = 0; i < 2; i++) {
			ScriptedExchange call = this.pool.call("poison", null);
			TestMember member = holderOf(call);
			call.timeOut();
			member.kill(cause);
			member.die(Signal.KILL);
			this.pool.readyAll();
		}
		assertThat(this.pool.snapshot().quarantine()).hasSize(1);
	}

	@Test
	void aCallThatRunsBesideAnOverdueOneIsNotSuspected() {
		this.pool.settings.concurrency = 2;
		this.pool.started(3);
		for (int i = 0; i < 3; i++) {
			TestMember member = holderOf(this.pool.call("bystander", null));
			member.kill(LossCause.DEADLINE);
			member.die(Signal.KILL);
			this.pool.readyAll();
		}
		assertThat(this.pool.snapshot().quarantine()).isEmpty();
	}

	@Test
	void theSameMessageTwiceInOneMemberCountsOnce() {
		this.pool.settings.concurrency = 2;
		this.pool.started(1);
		this.pool.call("poison", null);
		this.pool.call("poison", null);
		this.pool.fleet.at(0).die();
		assertThat(this.pool.snapshot().quarantine()).isEmpty();
	}

	@Test
	void theSameMessageThatWaitsIsRefusedToo() {
		this.pool.started(1);
		ScriptedExchange first = this.pool.call("poison", null);
		ScriptedExchange second = this.pool.call("poison", null);
		ScriptedExchange third = this.pool.call("poison", null);
		ScriptedExchange food = this.pool.call("food", null);
		for (int i = 0; i < 2; i++) {
			this.pool.fleet.at(0).die();
			this.pool.advance(Duration.ofSeconds(1));
			this.pool.readyAll();
		}
		assertThat(RestartTests.failure(first)).isInstanceOf(WorkerLostException.class);
		assertThat(RestartTests.failure(second)).isInstanceOf(WorkerLostException.class);
		assertThat(RestartTests.failure(third)).isInstanceOf(QuarantinedException.class);
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(food);
	}

	@Test
	void aSuspectIsNotRepeated() {
		this.pool.settings.retry = new Retry(RetryMode.IDEMPOTENT, 10);
		this.pool.started(4);
		ScriptedExchange poison = this.pool.idempotentCall("poison");
		holderOf(poison).die();
		holderOf(poison).die();
		assertThat(RestartTests.failure(poison)).isInstanceOf(WorkerLostException.class);
		assertThat(this.pool.fleet.sent).hasSize(2);
	}

	private void killWith(String payload, int times) {
		for (int i = 0; i < times; i++) {
			holderOf(this.pool.call(payload, null)).die();
			this.pool.readyAll();
		}
	}

	private TestMember holderOf(ScriptedExchange exchange) {
		return this.pool.fleet.alive()
			.stream()
			.filter((member) -> member.inbox.contains(exchange))
			.findFirst()
			.orElseThrow();
	}

	private List<Integer> owners() {
		return IntStream.range(0, 50)
			.mapToObj((number) -> holderOf(this.pool.call("call", "key " + number)).slot())
			.toList();
	}

	private List<ScriptedExchange> calls(int count) {
		List<ScriptedExchange> calls = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			calls.add(this.pool.call("call " + i, null));
		}
		return calls;
	}

	private List<ScriptedExchange> messages(int count) {
		List<ScriptedExchange> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			messages.add(this.pool.message("message " + i));
		}
		return messages;
	}

}
