package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.CallChain;
import io.ipcboot.messaging.ScriptedExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Calls that would wait for themselves, and calls that would not.
 */
class CallDeadlockTests {

	private final TestPool pool = new TestPool();

	@Test
	void aPoolOfOneIsNamed() {
		this.pool.started(1);
		CallChain chain = chain(id(0));
		assertThatExceptionOfType(CallDeadlockException.class).isThrownBy(() -> within(chain))
			.withMessageStartingWith("The call would wait for itself: test/0 → parent → test.");
	}

	@Test
	void theWholeChainIsNamed() {
		this.pool.started(1);
		CallChain chain = chain(id(0), new PeerId("special", 1, 99));
		assertThatExceptionOfType(CallDeadlockException.class).isThrownBy(() -> within(chain))
			.withMessageContaining("test/0 → parent → special/1 → parent → test.");
	}

	@Test
	void anotherWorkerTakesIt() {
		this.pool.started(2);
		assertThat(within(chain(id(0))).exchange().peer()).isEqualTo(id(1));
		ScriptedExchange waiting = within(chain(id(0)));
		assertThat(waiting.exchange().peer()).isNull();
		worker(1).answer();
		assertThat(waiting.exchange().peer()).isEqualTo(id(1));
		assertThatExceptionOfType(CallDeadlockException.class).isThrownBy(() -> within(chain(id(0), id(1))));
	}

	/** It has room for a call that would wait there behind the one that waits for it. */
	@Test
	void prefetchDoesNotHelp() {
		this.pool.settings.prefetch = 1;
		this.pool.started(2);
		this.pool.call();
		this.pool.call();
		this.pool.call();
		this.pool.call();
		ScriptedExchange waiting = within(chain(id(0)));
		worker(0).answer();
		worker(0).answer();
		assertThat(waiting.exchange().peer()).isNull();
		worker(1).answer();
		assertThat(waiting.exchange().peer()).isEqualTo(id(1));
	}

	@Test
	void concurrencyCounts() {
		this.pool.settings.concurrency = 2;
		this.pool.started(1);
		assertThat(within(chain(id(0))).exchange().peer()).isEqualTo(id(0));
		assertThatExceptionOfType(CallDeadlockException.class).isThrownBy(() -> within(chain(id(0), id(0))));
	}

	@Test
	void aListenerWithPlacesOfItsOwnNeedsNoOther() {
		this.pool.settings.concurrency = 2;
		this.pool.settings.size(1);
		this.pool.start();
		TestWorker worker = this.pool.fleet.starting().get(0);
		worker.concurrencies.put("own", 2);
		worker.concurrencies.put("single", 1);
		worker.ready();
		CallChain full = chain(id(0), id(0));
		assertThat(this.pool.callWithin(full, "own", null).exchange().peer()).isEqualTo(id(0));
		assertThatExceptionOfType(CallDeadlockException.class)
			.isThrownBy(() -> this.pool.callWithin(ScriptedExchange.chain("own", id(0), id(0)), "own", null));
		assertThat(this.pool.callWithin(ScriptedExchange.chain("own", id(0), id(0)), "call", null).exchange().peer())
			.isEqualTo(id(0));
		assertThatExceptionOfType(CallDeadlockException.class).as("it runs where all others are started")
			.isThrownBy(() -> this.pool.callWithin(ScriptedExchange.chain("single", id(0)), "own", null));
	}

	@Test
	void theKeyLeavesNoChoice() {
		this.pool.settings.balancing = Balancing.BY_KEY;
		this.pool.started(2);
		PeerId owner = this.pool.call("payload", "tenant").exchange().peer();
		assertThat(owner).isNotNull();
		assertThatExceptionOfType(CallDeadlockException.class)
			.isThrownBy(() -> this.pool.callWithin(chain(owner), "call", "tenant"));
		assertThat(this.pool.callWithin(chain(owner), "call", null).exchange().peer()).isNotEqualTo(owner);
	}

	@Test
	void aWorkerThatIsExpectedMayTakeIt() {
		this.pool.started(2);
		worker(1).die();
		ScriptedExchange waiting = within(chain(id(0)));
		assertThat(waiting.exchange().peer()).isNull();
		this.pool.advance(Duration.ofSeconds(1));
		this.pool.readyAll();
		assertThat(waiting.exchange().peer()).extracting(PeerId::slot).isEqualTo(1);
	}

	@Test
	void aSuccessorIsAnotherWorker() {
		this.pool.started(1);
		PeerId old = id(0);
		worker(0).die();
		this.pool.advance(Duration.ofSeconds(1));
		this.pool.readyAll();
		assertThat(within(chain(old)).exchange().peer()).isEqualTo(id(0));
	}

	@Test
	void oneWayMessagesNeverWait() {
		this.pool.started(1);
		this.pool.message("message");
		assertThat(worker(0).inbox).hasSize(1);
	}

	private ScriptedExchange within(CallChain chain) {
		return this.pool.callWithin(chain, "call", null);
	}

	private static CallChain chain(PeerId... processes) {
		return ScriptedExchange.chain("call", processes);
	}

	private TestWorker worker(int slot) {
		return this.pool.fleet.serving().stream().filter((worker) -> worker.slot() == slot).findFirst().orElseThrow();
	}

	private PeerId id(int slot) {
		return worker(slot).id();
	}

}
