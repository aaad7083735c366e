package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSnapshot.Exit;
import io.ipcboot.pool.PoolSnapshot.RestartProgress;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.pool.PoolSnapshot.Work;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator sees of a pool.
 */
class PoolSnapshotTests {

	private final TestPool pool = new TestPool();

	@Test
	void theWorkOfAWorkerIsWhatItHasHadLongest() {
		this.pool.settings.concurrency = 20;
		this.pool.started();
		List<ScriptedExchange> calls = new ArrayList<>();
		for (int i = 0; i < 13; i++) {
			calls.add(this.pool.callTo("call " + i));
		}
		assertThat(destinations()).isEqualTo(numbers(0, 10));
		assertThat(this.pool.slot(0).inFlight()).isEqualTo(13);
		TestWorker worker = this.pool.fleet.at(0);
		// from both ends, and from between
		worker.answer(12);
		worker.answer(0);
		worker.answer(4);
		assertThat(destinations()).containsExactly("call 1", "call 2", "call 3", "call 4", "call 6", "call 7", "call 8",
				"call 9", "call 10", "call 11");
		for (int i = 0; i < 10; i++) {
			worker.answer();
		}
		assertThat(destinations()).isEmpty();
		this.pool.callTo("another");
		assertThat(this.pool.slot(0).work()).singleElement().satisfies((work) -> {
			assertThat(work.destination()).isEqualTo("another");
			assertThat(work.call()).isTrue();
			assertThat(work.age()).isGreaterThanOrEqualTo(Duration.ZERO);
		});
	}

	@Test
	void aHandleIsWorkAndAMessageThatOnlyCountsIsNot() {
		this.pool.started();
		this.pool.message("message");
		this.pool.handle(null);
		assertThat(this.pool.slot(0).inFlight()).isEqualTo(2);
		assertThat(this.pool.slot(0).work()).extracting(Work::call).containsExactly(false);
	}

	@Test
	void theLastExitsOfASlotAreRemembered() {
		this.pool.started(2);
		for (int i = 0; i < 7; i++) {
			TestWorker worker = this.pool.fleet.at(1);
			worker.printed = List.of("line", "last line of " + i);
			worker.die((i % 2 == 0) ? Signal.SEGV : Signal.KILL);
			this.pool.advance(Duration.ofMinutes(1));
			this.pool.readyAll();
		}
		SlotSnapshot slot = this.pool.slot(1);
		assertThat(slot.exits()).hasSize(5)
			.extracting(Exit::description)
			.startsWith("was ended by SIGSEGV", "was ended by SIGKILL");
		assertThat(slot.exits()).extracting(Exit::pid).doesNotHaveDuplicates();
		assertThat(slot.exits()).extracting(Exit::cause).containsOnly(LossCause.KILLED);
		assertThat(slot.exits()).extracting(Exit::ago)
			.containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(3), Duration.ofMinutes(4),
					Duration.ofMinutes(5));
		assertThat(slot.lastLines()).containsExactly("line", "last line of 6");
		assertThat(this.pool.slot(0).exits()).isEmpty();
	}

	@Test
	void aWorkerThatWasToldToLeaveHasNoCause() {
		this.pool.started();
		TestWorker old = this.pool.fleet.at(0);
		this.pool.done(this.pool.workers().drain(0));
		old.leave();
		this.pool.readyAll();
		assertThat(this.pool.slot(0).exits()).singleElement().satisfies((exit) -> {
			assertThat(exit.cause()).isNull();
			assertThat(exit.description()).isEqualTo("exited with code 0");
		});
	}

	@Test
	void aRollingRestartTellsHowFarItIs() {
		this.pool.started(2);
		assertThat(this.pool.snapshot().restart()).isNull();
		CompletableFuture<RollingRestartResult> restart = this.pool.workers().restart();
		this.pool.loop.run();
		assertThat(this.pool.snapshot().restart()).isEqualTo(new RestartProgress(0, 2));
		this.pool.readyAll();
		this.pool.leaveAll();
		assertThat(this.pool.snapshot().restart()).isEqualTo(new RestartProgress(1, 2));
		this.pool.readyAll();
		this.pool.leaveAll();
		assertThat(this.pool.done(restart).complete()).isTrue();
		assertThat(this.pool.snapshot().restart()).isNull();
	}

	private List<String> destinations() {
		return this.pool.slot(0).work().stream().map(Work::destination).toList();
	}

	private static List<String> numbers(int start, int end) {
		return IntStream.range(start, end).mapToObj((number) -> "call " + number).toList();
	}

}
