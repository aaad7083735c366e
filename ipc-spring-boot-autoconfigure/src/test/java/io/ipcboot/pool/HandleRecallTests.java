package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.Retry;
import io.ipcboot.pool.PoolSettings.RetryMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what becomes of handles that a worker does not take, although it lives.
 */
class HandleRecallTests {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private final TestPool pool = new TestPool();

	@BeforeEach
	void beat() {
		this.pool.settings.heartbeat(INTERVAL, TIMEOUT);
	}

	@AfterEach
	void take() {
		this.pool.fleet.started.forEach((worker) -> {
			while (!worker.inbox.isEmpty()) {
				worker.answer();
			}
		});
	}

	@Test
	void aHandleThatIsNotTakenGoesToAnotherWorker() {
		this.pool.started(2);
		ScriptedExchange handle = this.pool.handle(null);
		TestWorker busy = this.pool.fleet.holderOf(handle);
		this.pool.advance(TIMEOUT);
		assertThat(handle.isRecalled()).isFalse();
		this.pool.advance(INTERVAL.multipliedBy(2));
		busy.handBack(handle);
		assertThat(this.pool.fleet.holderOf(handle)).isNotSameAs(busy);
		this.pool.fleet.holderOf(handle).answer();
		assertThat(handle.outcome()).isCompleted();
		assertThat(busy.killed).isNull();
	}

	@Test
	void newHandlesAvoidTheWorkerUntilItDoesSomething() {
		this.pool.started(2);
		ScriptedExchange handle = this.pool.handle(null);
		TestWorker busy = this.pool.fleet.holderOf(handle);
		this.pool.advance(TIMEOUT.plus(INTERVAL.multipliedBy(2)));
		busy.handBack(handle);
		for (int i = 0; i < 4; i++) {
			assertThat(this.pool.fleet.holderOf(this.pool.handle(null))).isNotSameAs(busy);
		}
		assertThat(this.pool.fleet.holderOf(this.pool.message("no handle"))).isSameAs(busy);
		busy.answer();
		assertThat(this.pool.fleet.holderOf(this.pool.handle(null))).isSameAs(busy);
	}

	@Test
	void everyWorkerGetsItsTime() {
		this.pool.started(2);
		ScriptedExchange handle = this.pool.handle(null);
		this.pool.advance(TIMEOUT.plus(INTERVAL.multipliedBy(2)));
		TestWorker first = this.pool.fleet.holderOf(handle);
		first.handBack(handle);
		this.pool.advance(TIMEOUT.minus(INTERVAL));
		assertThat(handle.isRecalled()).isFalse();
	}

	@Test
	void itStaysWhereItIsIfNobodyElseIsThere() {
		this.pool.started(1);
		assertStays(this.pool.handle(null));
	}

	@Test
	void itStaysWhereItIsIfTheKeySaysSo() {
		this.pool.settings.balancing = Balancing.BY_KEY;
		this.pool.started(2);
		assertStays(this.pool.handle("key"));
	}

	@Test
	void itStaysWhereItIsIfNothingMayBeSentTwice() {
		this.pool.settings.retry = new Retry(RetryMode.NEVER, 0);
		this.pool.started(2);
		assertStays(this.pool.handle(null));
	}

	@Test
	void callsAndMessagesAreLeftAlone() {
		this.pool.started(2);
		assertStays(this.pool.call(), this.pool.message("x"));
	}

	private void assertStays(ScriptedExchange... exchanges) {
		this.pool.advance(TIMEOUT.multipliedBy(10));
		assertThat(exchanges).noneMatch(ScriptedExchange::isRecalled);
	}

}
