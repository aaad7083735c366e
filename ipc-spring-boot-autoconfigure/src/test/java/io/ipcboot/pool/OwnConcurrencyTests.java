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
		TestMember member = started(1);
		ScriptedExchange slow = this.pool.callTo("slow");
		ScriptedExchange slowWaits = this.pool.callTo("slow");
		ScriptedExchange work = this.pool.call();
		ScriptedExchange workWaits = this.pool.call();
		assertThat(member.inbox).containsExactly(slow, work);
		member.answer(1);
		assertThat(member.inbox).containsExactly(slow, workWaits);
		member.answer(0);
		assertThat(member.inbox).containsExactly(workWaits, slowWaits);
	}

	@Test
	void theLineIsBoundedEvenWhileOneOfItsListenersHasRoom() {
		this.pool.settings.queueCapacity = 2;
		TestMember member = started(3);
		this.pool.call();
		this.pool.call();
		this.pool.call();
		assertThat(this.pool.callTo("slow").exchange().peer()).isNotNull();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(this.pool::call);
		member.reads(false);
		for (int i = 0; i < 2; i++) {
			assertThat(this.pool.callTo("slow").exchange().peer()).isNull();
		}
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(() -> this.pool.callTo("slow"));
		assertThat(this.pool.snapshot().waiting()).isEqualTo(4);
	}

	@Test
	void whoeverGivesUpDoesNotKeepOthersWaiting() {
		TestMember member = started(1);
		this.pool.callTo("slow");
		ScriptedExchange first = this.pool.callTo("slow");
		ScriptedExchange second = this.pool.callTo("slow");
		first.cancel();
		this.pool.loop.run();
		member.answer();
		assertThat(member.inbox).containsExactly(second);
	}

	private TestMember started(int concurrency) {
		this.pool.start();
		TestMember member = this.pool.fleet.started.get(0);
		member.concurrencies.put("slow", concurrency);
		return member.ready();
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
