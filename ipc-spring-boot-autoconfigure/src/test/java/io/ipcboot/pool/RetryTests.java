package io.ipcboot.pool;

import java.util.List;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.Retry;
import io.ipcboot.pool.PoolSettings.RetryMode;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for messages whose worker is lost: whether another one gets them, and in which
 * order.
 */
class RetryTests {

	private final TestPool pool = new TestPool();

	@ParameterizedTest
	@EnumSource(RetryMode.class)
	void whatNobodyHasSeenGoesToAnotherWorkerUnlessNothingIsSentAgain(RetryMode mode) {
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
		this.pool.fleet.holderOf(plain).die(Signal.KILL);
		this.pool.fleet.holderOf(idempotent).die(Signal.KILL);
		assertThat(RestartTests.failure(plain)).isInstanceOf(WorkerLostException.class);
		assertThat(idempotent.outcome().isDone()).isEqualTo(mode != RetryMode.IDEMPOTENT);
	}

	@Test
	void aCallIsRepeatedOnlySoOften() {
		this.pool.settings.retry = new Retry(RetryMode.IDEMPOTENT, 2);
		this.pool.started(4);
		ScriptedExchange call = this.pool.idempotentCall("again");
		this.pool.fleet.holderOf(call).die(Signal.KILL);
		this.pool.fleet.holderOf(call).die(Signal.KILL);
		assertThat(call.outcome()).isNotDone();
		this.pool.fleet.holderOf(call).die(Signal.KILL);
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
	void aMessageThatFindsItsWorkerGoneGoesToAnotherOne(RetryMode mode) {
		this.pool.settings.retry = new Retry(mode, 2);
		this.pool.started(2);
		this.pool.fleet.at(0).closeUnnoticed();
		this.pool.fleet.at(1).closeUnnoticed();
		ScriptedExchange call = this.pool.call();
		assertThat(call.outcome()).isNotDone();
		this.pool.fleet.at(0).die();
		this.pool.readyAll();
		assertThat(this.pool.fleet.serving().stream().filter((worker) -> worker.inbox.contains(call))).hasSize(1);
	}

	@Test
	void messagesOfAWorkerThatLeavesStayInOrder() {
		this.pool.started();
		List<ScriptedExchange> all = this.pool.messages(5);
		TestWorker leaver = this.pool.fleet.at(0);
		leaver.closeUnnoticed();
		all.addAll(this.pool.messages(3));
		leaver.leave();
		all.addAll(this.pool.messages(3));
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).containsExactlyElementsOf(all);
	}

	@Test
	void callsOfAWorkerThatLeavesStayInOrderAndBeforeThoseThatWait() {
		this.pool.settings.concurrency = 3;
		this.pool.started();
		List<ScriptedExchange> all = this.pool.calls(5);
		this.pool.fleet.at(0).leave();
		all.addAll(this.pool.calls(2));
		this.pool.readyAll();
		while (!this.pool.fleet.at(0).inbox.isEmpty()) {
			this.pool.fleet.at(0).answer();
		}
		List<ScriptedExchange> sent = this.pool.fleet.sent.stream().map(TestFleet.Sent::exchange).toList();
		assertThat(sent.subList(3, sent.size())).containsExactlyElementsOf(all);
	}

}
