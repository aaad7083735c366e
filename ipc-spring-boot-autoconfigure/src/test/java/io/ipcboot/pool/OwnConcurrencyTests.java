package io.ipcboot.pool;

import io.ipcboot.messaging.ScriptedExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for calls of listeners that have a limit of their own.
 */
class OwnConcurrencyTests {

	private final TestPool pool = new TestPool();

	@Test
	void aFullListenerDoesNotHoldUpCallsOfOthers() {
		TestWorker worker = started(1);
		ScriptedExchange slow = this.pool.callTo("slow");
		ScriptedExchange slowWaits = this.pool.callTo("slow");
		ScriptedExchange work = this.pool.call();
		ScriptedExchange workWaits = this.pool.call();
		assertThat(worker.inbox).containsExactly(slow, work);
		worker.answer(1);
		assertThat(worker.inbox).containsExactly(slow, workWaits);
		worker.answer(0);
		assertThat(worker.inbox).containsExactly(workWaits, slowWaits);
	}

	@Test
	void theLineIsBoundedEvenWhileOneOfItsListenersHasRoom() {
		this.pool.settings.queueCapacity = 2;
		TestWorker worker = started(3);
		this.pool.call();
		this.pool.call();
		this.pool.call();
		assertThat(this.pool.callTo("slow").exchange().peer()).isNotNull();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(this.pool::call);
		worker.reads(false);
		for (int i = 0; i < 2; i++) {
			assertThat(this.pool.callTo("slow").exchange().peer()).isNull();
		}
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(() -> this.pool.callTo("slow"));
		assertThat(this.pool.snapshot().waiting()).isEqualTo(4);
	}

	@Test
	void whoeverGivesUpDoesNotKeepOthersWaiting() {
		TestWorker worker = started(1);
		this.pool.callTo("slow");
		ScriptedExchange first = this.pool.callTo("slow");
		ScriptedExchange second = this.pool.callTo("slow");
		first.cancel();
		this.pool.loop.run();
		worker.answer();
		assertThat(worker.inbox).containsExactly(second);
	}

	private TestWorker started(int concurrency) {
		this.pool.start();
		TestWorker worker = this.pool.fleet.started.get(0);
		worker.concurrencies.put("slow", concurrency);
		return worker.ready();
	}

	@Test
	void aLimitMayBeAsLargeAsItCan() {
		this.pool.settings.concurrency = Integer.MAX_VALUE;
		this.pool.settings.prefetch = 1;
		this.pool.started(2);
		ScriptedExchange call = this.pool.call();
		assertThat(call.exchange().peer()).isNotNull();
	}

}
