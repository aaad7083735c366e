package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.messaging.ScriptedExchange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the messages of a pool: which are sent, which wait, and which are refused.
 */
class PoolRouterTests {

	private final TestPool pool = new TestPool();

	@Test
	void aWorkerHasNoMoreCallsThanItMayRun() {
		this.pool.settings.concurrency = 3;
		TestWorker worker = this.pool.started().fleet.at(0);
		List<ScriptedExchange> calls = this.pool.calls(5);
		assertThat(worker.inbox).containsExactlyElementsOf(calls.subList(0, 3));
		worker.answer();
		assertThat(worker.inbox).containsExactlyElementsOf(calls.subList(1, 4));
	}

	@Test
	void oneWayMessagesNeedNoRoom() {
		TestWorker worker = this.pool.started().fleet.at(0);
		this.pool.call();
		List<ScriptedExchange> messages = this.pool.messages(10);
		assertThat(worker.inbox).hasSize(11).containsAll(messages);
	}

	@Test
	void aPlaceIsKeptUntilTheWorkerHasReallyAnswered() {
		TestWorker worker = this.pool.started().fleet.at(0);
		ScriptedExchange late = this.pool.call();
		ScriptedExchange next = this.pool.call();
		late.timeOut();
		assertThat(late.outcome()).isCompletedExceptionally();
		assertThat(worker.inbox).containsExactly(late);
		worker.answer();
		assertThat(worker.inbox).containsExactly(next);
		assertThat(late.outcomes()).isOne();
	}

	@Test
	void aPlaceIsKeptByACancelledCallThatIsRunning() {
		TestWorker worker = this.pool.started().fleet.at(0);
		ScriptedExchange cancelled = this.pool.call();
		ScriptedExchange next = this.pool.call();
		cancelled.cancel();
		assertThat(cancelled.isCancelled()).isTrue();
		assertThat(worker.inbox).containsExactly(cancelled);
		worker.answer();
		assertThat(worker.inbox).containsExactly(next);
	}

	@Test
	void aPlaceIsFreeWhenTheMessageIsTakenBackInTime() {
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.writesAtOnce = false;
		ScriptedExchange withdrawn = this.pool.call();
		ScriptedExchange next = this.pool.call();
		withdrawn.cancel();
		this.pool.loop.run();
		assertThat(withdrawn.isWithdrawn()).isTrue();
		assertThat(worker.inbox).containsExactly(withdrawn, next);
		assertThat(this.pool.snapshot().slots().get(0).inFlight()).isOne();
	}

	@Test
	void aCallThatIsCancelledWhileItWaitsIsNeverSent() {
		TestWorker worker = this.pool.started().fleet.at(0);
		this.pool.call();
		ScriptedExchange cancelled = this.pool.call();
		ScriptedExchange next = this.pool.call();
		cancelled.cancel();
		assertThat(this.pool.snapshot().waiting()).isOne();
		worker.answer();
		assertThat(worker.inbox).containsExactly(next);
	}

	@Test
	void placesOfALostWorkerAreFree() {
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
	void whoeverWaitsWithoutAWorkerLearnsWhyThereIsNone() {
		this.pool.settings.queueCapacity = 1;
		this.pool.settings.queueTimeout = Duration.ofMinutes(30);
		this.pool.start();
		ScriptedExchange early = this.pool.call();
		early.timeOut();
		assertThat(RestartTests.failure(early)).isInstanceOf(CallTimeoutException.class)
			.hasMessage("no reply from 'work' within 3,600,000 ms: the pool 'test' has no worker (none is ready)");
		this.pool.readyAll();
		TestWorker worker = this.pool.fleet.at(0);
		ScriptedExchange running = this.pool.call();
		ScriptedExchange behind = this.pool.call();
		behind.timeOut();
		assertThat(RestartTests.failure(behind))
			.hasMessageEndingWith("none of the 1 workers of the pool 'test' had room");
		worker.die();
		assertThat(RestartTests.failure(running)).isInstanceOf(WorkerLostException.class);
		String reason = "(%s was ended by SIGSEGV; another one is started at once)".formatted(worker);
		ScriptedExchange message = this.pool.message("m");
		ScriptedExchange waiting = this.pool.call();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(this.pool::call)
			.withMessageStartingWith("The pool 'test' is saturated: it has no worker " + reason)
			.withMessageEndingWith(" and 2 messages and calls are already waiting");
		this.pool.advance(Duration.ofMinutes(30));
		assertThat(RestartTests.failure(waiting)).isInstanceOf(PoolSaturatedException.class)
			.hasMessageContaining("it has no worker " + reason)
			.hasMessageEndingWith("; the message waited for 1,800,000 ms");
		assertThat(RestartTests.failure(message)).hasMessageContaining("it has no worker " + reason);
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
	void withoutALineACallIsRefusedUnlessAWorkerHasRoom() {
		this.pool.settings.queueCapacity = 0;
		this.pool.started();
		this.pool.call();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(this.pool::call);
	}

	@Test
	void whatWorkersGiveBackNeedsNoRoomInTheLine() {
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
	void aWorkerThatDoesNotReadDoesNotHoldUpCallsForOthers() {
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
	void messagesThatWaitForAWorkerThatDoesNotReadStayInOrder() {
		this.pool.start();
		List<ScriptedExchange> messages = this.pool.messages(4);
		TestWorker worker = this.pool.fleet.started.get(0);
		worker.reads(false);
		worker.ready();
		messages.addAll(this.pool.messages(3));
		assertThat(worker.inbox).isEmpty();
		worker.reads(true);
		assertThat(worker.inbox).containsExactlyElementsOf(messages);
	}

	@Test
	void aFailureOfASendFreesThePlace() {
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.refusal = new IllegalStateException("too large");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.pool::call);
		assertThat(this.pool.slot(0).inFlight()).isZero();
		ScriptedExchange running;
		worker.refusal = null;
		running = this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		worker.refusal = new IllegalStateException("too large");
		assertThat(worker.answer()).isSameAs(running);
		assertThat(RestartTests.failure(waiting)).hasMessage("too large");
		assertThat(this.pool.slot(0).inFlight()).isZero();
	}

	@Test
	void theTimeInTheLineBeginsAgainForACallThatComesBack() {
		this.pool.settings.queueTimeout = Duration.ofSeconds(2);
		TestWorker worker = this.pool.started().fleet.at(0);
		ScriptedExchange call = this.pool.call();
		worker.startedOnes = 0;
		worker.die();
		this.pool.advance(Duration.ofMillis(1999));
		assertThat(call.outcome()).isNotDone();
		this.pool.advance(Duration.ofMillis(1));
		assertThat(RestartTests.failure(call)).isInstanceOf(PoolSaturatedException.class);
	}

	@Test
	void nobodyWaitsUntilAWorkerReadsThatNeverWill() {
		TestWorker worker = this.pool.started().fleet.at(0);
		worker.reads(false);
		worker.closeUnnoticed();
		this.pool.call();
		assertThat(worker.watches).isZero();
	}

	@Test
	void whoeverSendsWhatWaitsAndCannotGoOnLeavesItToTheNext() {
		TestWorker worker = this.pool.started().fleet.at(0);
		this.pool.call();
		ScriptedExchange waiting = this.pool.call();
		worker.meanwhile = () -> {
			throw new OutOfMemoryError("of the test");
		};
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(worker::answer);
		ScriptedExchange behind = this.pool.call();
		this.pool.workers().router().open(new WorkerLoad(worker, 0));
		this.pool.loop.run();
		assertThat(worker.inbox).containsExactly(waiting, behind);
	}

	@Test
	void whoeverSendsMoreThanWorkersReadIsRefusedWhenManyWait() {
		TestWorker worker = slowWorker();
		ScriptedExchange last = crowd();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(() -> this.pool.message("x"));
		assertThat(this.pool.fleet.at(0).inbox).isEmpty();
		worker.reads(true);
		assertThat(worker.inbox).contains(last);
		assertThat(this.pool.message("x").exchange().peer()).isNotNull();
	}

	@Test
	void whoeverSendsMoreThanWorkersReadIsHeldUpWhenManyWait() throws Exception {
		this.pool.sendTimeout = Duration.ofSeconds(30);
		TestWorker worker = slowWorker();
		crowd();
		FutureTask<ScriptedExchange> held = new FutureTask<>(() -> this.pool.message("held up"));
		Thread sender = new Thread(held);
		sender.start();
		Awaitility.await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		worker.reads(true);
		assertThat(worker.inbox).contains(held.get(10, TimeUnit.SECONDS));
	}

	@Test
	void withoutAWorkerMessagesWaitUntilTheyAreTooLarge() {
		this.pool.start();
		String large = "x".repeat(16 * 1024 * 1024);
		for (int i = 0; i < 4; i++) {
			this.pool.message(large);
		}
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(() -> this.pool.message("x"));
	}

	/** It is there, does not read, and messages wait for it. */
	private TestWorker slowWorker() {
		this.pool.start();
		this.pool.message("first");
		TestWorker worker = this.pool.fleet.started.get(0);
		worker.reads(false);
		return worker.ready();
	}

	private ScriptedExchange crowd() {
		String large = "x".repeat(1024 * 1024);
		ScriptedExchange last = this.pool.message(large);
		for (long size = large.length(); size < Admission.CROWD; size += large.length()) {
			last = this.pool.message(large);
		}
		return last;
	}

	@Test
	void callsThatWaitForTheWorkerOfTheirKeyAreBounded() {
		this.pool.settings.balancing = Balancing.BY_KEY;
		this.pool.settings.queueCapacity = 10;
		this.pool.started(2);
		List<String> keys = keysOf(0);
		this.pool.call("occupant", keys.get(0));
		for (int i = 1; i <= 10; i++) {
			this.pool.call("waiting", keys.get(i));
		}
		// the other worker is idle, but takes none of these
		assertThatExceptionOfType(PoolSaturatedException.class)
			.isThrownBy(() -> this.pool.call("of another key", keys.get(11)));
		assertThatExceptionOfType(PoolSaturatedException.class)
			.isThrownBy(() -> this.pool.call("of the same key", keys.get(0)));
		this.pool.call("of the idle worker", keysOf(1).get(0));
		assertThat(this.pool.snapshot().waiting()).isEqualTo(10);
		assertThat(this.pool.fleet.at(1).inbox).hasSize(1);
	}

	private static List<String> keysOf(int slot) {
		List<Owner> owners = List.of(new Owner(0, 0), new Owner(1, 0));
		return IntStream.range(0, 100)
			.mapToObj(Integer::toString)
			.filter((key) -> owners.get(slot) == Balancer.of(Balancing.BY_KEY).choose(owners, (owner) -> true, key))
			.toList();
	}

	private record Owner(int slot, int outstanding) implements Balancer.Candidate {

	}

}
