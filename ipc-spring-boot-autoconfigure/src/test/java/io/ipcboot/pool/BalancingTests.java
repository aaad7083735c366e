package io.ipcboot.pool;

import java.util.List;
import java.util.stream.IntStream;

import io.ipcboot.messaging.ScriptedExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for who gets a message of those that have room.
 */
class BalancingTests {

	private final TestPool pool = new TestPool();

	@Test
	void callsGoToTheWorkerThatHasTheFewest() {
		this.pool.settings.concurrency = 10;
		this.pool.started(3);
		this.pool.calls(9);
		assertThat(this.pool.fleet.serving()).allSatisfy((worker) -> assertThat(worker.inbox).hasSize(3));
		this.pool.fleet.at(1).answer();
		this.pool.fleet.at(1).answer();
		this.pool.calls(2);
		assertThat(this.pool.fleet.at(1).inbox).hasSize(3);
	}

	@Test
	void callsTakeTurnsWhateverWorkersHave() {
		this.pool.settings.balancing = Balancing.ROUND_ROBIN;
		this.pool.settings.concurrency = 10;
		this.pool.started(3);
		for (int i = 0; i < 6; i++) {
			this.pool.call();
			this.pool.fleet.at(0).inbox.stream().findFirst().ifPresent((call) -> this.pool.fleet.at(0).answer());
		}
		assertThat(this.pool.fleet.sent.stream().map((sent) -> sent.worker().slot())).containsExactly(0, 1, 2, 0, 1, 2);
	}

	@Test
	void theKeysOfADeadWorkerMoveAndMoveBack() {
		this.pool.settings.balancing = Balancing.BY_KEY;
		this.pool.settings.concurrency = 1000;
		this.pool.started(3);
		List<Integer> before = owners();
		TestWorker dead = this.pool.fleet.at(1);
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
		this.pool.fleet.serving().stream().filter((worker) -> worker.inbox.contains(first)).toList().get(0).answer();
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
				.filter((worker) -> !worker.inbox.isEmpty())
				.toList()
				.forEach(TestWorker::answer);
		}
		assertThat(this.pool.fleet.sent).extracting(TestFleet.Sent::exchange).containsExactlyElementsOf(calls);
	}

	@Test
	void messagesPreferWorkersThatRead() {
		this.pool.started(2);
		this.pool.fleet.at(0).reads(false);
		List<ScriptedExchange> messages = this.pool.messages(4);
		assertThat(this.pool.fleet.at(1).inbox).containsExactlyElementsOf(messages);
	}

	private List<Integer> owners() {
		return IntStream.range(0, 50)
			.mapToObj((number) -> this.pool.fleet.holderOf(this.pool.call("call", "key " + number)).slot())
			.toList();
	}

}
