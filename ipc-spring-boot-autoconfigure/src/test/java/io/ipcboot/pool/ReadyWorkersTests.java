package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.messaging.ScriptedExchange;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for one-way messages that get a worker without the lock, while something happens
 * to the workers.
 */
class ReadyWorkersTests {

	private final TestPool pool = new TestPool();

	@Test
	void aPoolThatStopsMeanwhileRefusesTheMessageAndEnds() {
		TestWorker worker = this.pool.started().fleet.at(0);
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		worker.meanwhile = () -> this.pool.workers().stop(Duration.ofSeconds(10)).thenRun(() -> stopped.complete(null));
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> this.pool.message("late"));
		assertThat(worker.inbox).isEmpty();
		this.pool.loop.run();
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
		assertThat(worker.draining).isGreaterThan(Duration.ZERO);
	}

	@Test
	void aWorkerThatLeavesMeanwhileDoesNotGetTheMessage() {
		this.pool.started(2);
		TestWorker leaving = this.pool.fleet.at(0);
		leaving.meanwhile = leaving::announceLeaving;
		ScriptedExchange message = this.pool.message("next");
		assertThat(leaving.inbox).isEmpty();
		assertThat(this.pool.fleet.holderOf(message)).isSameAs(this.pool.fleet.at(1));
		this.pool.fleet.at(1).answer();
		assertThat(message.outcome()).isCompleted();
		assertThat(this.pool.snapshot().slots()).allSatisfy((slot) -> assertThat(slot.inFlight()).isZero());
	}

	@Test
	void aMessageWhosePlaceIsGoneWaitsWithTheOthers() {
		TestWorker worker = this.pool.started().fleet.at(0);
		List<ScriptedExchange> messages = new ArrayList<>();
		worker.meanwhile = () -> {
			worker.leave();
			messages.add(this.pool.message("one"));
		};
		messages.add(this.pool.message("another"));
		assertThat(this.pool.snapshot().waiting()).isEqualTo(2);
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).containsExactlyInAnyOrderElementsOf(messages);
	}

	@Test
	void messagesOfAWorkerThatWasClosedCountUntilTheyAreTaken() {
		TestWorker worker = this.pool.started().fleet.at(0);
		ScriptedExchange taken = this.pool.message("taken");
		CompletableFuture<Boolean> recycled = this.pool.workers().recycle(0, "test");
		this.pool.readyAll();
		assertThat(this.pool.done(recycled)).isTrue();
		assertThat(worker.inbox).containsExactly(taken);
		CompletableFuture<Void> stopped = this.pool.workers().stop(Duration.ofSeconds(10));
		this.pool.loop.run();
		assertThat(stopped).isNotDone();
		worker.answer();
		this.pool.leaveAll();
		assertThat(stopped).isCompleted();
	}

	@Test
	void messagesTakeTurnsIfThatIsWanted() {
		this.pool.settings.balancing = Balancing.ROUND_ROBIN;
		this.pool.started(2);
		List<ScriptedExchange> messages = this.pool.messages(4);
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(messages.get(0), messages.get(2));
		assertThat(this.pool.fleet.at(1).inbox).containsExactly(messages.get(1), messages.get(3));
	}

	@Test
	void messagesGoToTheWorkerThatHasTheFewest() {
		this.pool.started(2);
		this.pool.messages(4);
		this.pool.fleet.at(1).answer();
		this.pool.fleet.at(1).answer();
		this.pool.messages(2);
		assertThat(this.pool.fleet.at(1).inbox).hasSize(2);
	}

}
