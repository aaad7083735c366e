package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

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
 * Tests for messages that kill workers, and those that only happen to be there.
 */
class QuarantineTests {

	private final TestPool pool = new TestPool();

	@Test
	void aMessageThatHasKilledTwoWorkersIsRefusedUntilItsTimeIsOver() {
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
	void aMessageIsSuspectedIfThePoolHadToKillItsWorker(LossCause cause) {
		this.pool.started(3);
		for (int i = 0; i < 2; i++) {
			ScriptedExchange call = this.pool.call("poison", null);
			TestWorker worker = this.pool.fleet.holderOf(call);
			call.timeOut();
			worker.kill(cause);
			worker.die(Signal.KILL);
			this.pool.readyAll();
		}
		assertThat(this.pool.snapshot().quarantine()).hasSize(1);
	}

	@Test
	void aCallThatRunsBesideAnOverdueOneIsNotSuspected() {
		this.pool.settings.concurrency = 2;
		this.pool.started(3);
		for (int i = 0; i < 3; i++) {
			TestWorker worker = this.pool.fleet.holderOf(this.pool.call("bystander", null));
			worker.kill(LossCause.DEADLINE);
			worker.die(Signal.KILL);
			this.pool.readyAll();
		}
		assertThat(this.pool.snapshot().quarantine()).isEmpty();
	}

	/** A health check, say, that runs whenever the leak of others fills the heap. */
	@Test
	void aMessageThatWorkersSurviveIsNotRefusedForDyingOfSomethingElse() {
		this.pool.started(3);
		for (int i = 0; i < 3; i++) {
			killWith("check", 1);
			ScriptedExchange check = this.pool.call("check", null);
			this.pool.fleet.holderOf(check).answer();
			assertThat(check.outcome()).isCompleted();
		}
		assertThat(this.pool.snapshot().quarantine()).isEmpty();
		assertThat(this.pool.events).isEmpty();
		killWith("check", 2);
		assertThat(this.pool.snapshot().quarantine()).hasSize(1);
	}

	@Test
	void aKeyThatWorkersSurviveIsClearedWhateverThePayload() {
		this.pool.started(3);
		this.pool.fleet.holderOf(this.pool.call("a", "tenant")).die();
		this.pool.readyAll();
		this.pool.fleet.holderOf(this.pool.call("bcd", "tenant")).answer();
		this.pool.fleet.holderOf(this.pool.call("a", "tenant")).die();
		assertThat(this.pool.snapshot().quarantine()).isEmpty();
	}

	@Test
	void anotherMessageThatWorkersSurviveClearsNobody() {
		this.pool.started(3);
		killWith("poison", 1);
		this.pool.fleet.holderOf(this.pool.call("potion", null)).answer();
		killWith("poison", 1);
		assertThat(this.pool.snapshot().quarantine()).hasSize(1);
	}

	@Test
	void aMessageThatDoesNotResembleASuspectTakesNoLock() throws Exception {
		this.pool.started(3);
		killWith("poison", 1);
		ScriptedExchange longer = this.pool.call("poison and more", null);
		ScriptedExchange other = this.pool.callTo("elsewhere");
		ScriptedExchange keyed = this.pool.call("poison", "key");
		synchronized (this.pool.quarantine()) {
			CompletableFuture
				.runAsync(() -> List.of(longer, other, keyed)
					.forEach((each) -> assertThat(this.pool.quarantine().check(each.exchange())).isNull()))
				.get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void theSameMessageTwiceInOneWorkerCountsOnce() {
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
