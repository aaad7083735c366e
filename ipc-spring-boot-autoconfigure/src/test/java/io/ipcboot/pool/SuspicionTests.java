package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.Retry;
import io.ipcboot.pool.PoolSettings.RetryMode;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for messages that kill members, and those that only happen to be there.
 */
class SuspicionTests {

	private final TestPool pool = new TestPool();

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
			this.pool.fleet.holderOf(this.pool.call("payload " + i, "tenant")).die();
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
			this.pool.fleet.holderOf(this.pool.call("innocent", null)).die(signal);
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
			TestMember member = this.pool.fleet.holderOf(call);
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
			TestMember member = this.pool.fleet.holderOf(this.pool.call("bystander", null));
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
		this.pool.fleet.holderOf(poison).die();
		this.pool.fleet.holderOf(poison).die();
		assertThat(RestartTests.failure(poison)).isInstanceOf(WorkerLostException.class);
		assertThat(this.pool.fleet.sent).hasSize(2);
	}

	private void killWith(String payload, int times) {
		for (int i = 0; i < times; i++) {
			this.pool.fleet.holderOf(this.pool.call(payload, null)).die();
			this.pool.readyAll();
		}
	}

}
