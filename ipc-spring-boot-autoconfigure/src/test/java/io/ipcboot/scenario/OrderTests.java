package io.ipcboot.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.ipcboot.ChildProcess;
import io.ipcboot.ProcessTest;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.PoolSaturatedException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages to a pool of one keep their order when its worker changes.
 */
@ProcessTest
class OrderTests {

	@RegisterExtension
	final Invariants invariants = new Invariants();

	private final AtomicInteger sent = new AtomicInteger();

	@Test
	void whatADeadWorkerHasNotStartedComesBeforeWhatTheSpareGetsAnew() throws InterruptedException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).spares(1));
		ChildProcess worker = pool.worker();
		CompletableFuture<String> running = pool.call("sleep", 60_000L, String.class);
		pool.awaitPrinted(worker, "busy");
		sendMeanwhile(pool, () -> {
			worker.kill("KILL");
			pool.expectDeaths(LossCause.KILLED);
			pool.awaitReplaced(worker.pid());
		});
		assertThat(Outcomes.lost(running).getLossCause()).isEqualTo(LossCause.KILLED);
		assertThat(notes(pool)).isEqualTo(IntStream.range(0, this.sent.get()).boxed().toList());
	}

	@Test
	void whatALeavingWorkerHasNotStartedComesBeforeWhatItsSuccessorGetsAnew() throws InterruptedException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		ChildProcess worker = pool.worker();
		CompletableFuture<String> running = pool.call("sleep", 8_000L, String.class);
		pool.awaitPrinted(worker, "busy");
		sendMeanwhile(pool, () -> {
			pool.operations().recycle(0, "of the test").join();
			pool.awaitReplaced(worker.pid());
		});
		assertThat(notes(pool)).isEqualTo(IntStream.range(0, this.sent.get()).boxed().toList());
		assertThat(running).succeedsWithin(Invariants.PATIENCE).isEqualTo("slept");
	}

	/** Send numbers before, while and after something happens. */
	private void sendMeanwhile(ObservedPool pool, Runnable event) throws InterruptedException {
		AtomicBoolean done = new AtomicBoolean();
		Thread sender = new Thread(() -> {
			while (!done.get() || this.sent.get() < 1000) {
				try {
					pool.operations().send("note", this.sent.get());
					this.sent.incrementAndGet();
				}
				catch (PoolSaturatedException ex) {
					// the same number again, once some of those before it have left the
					// queue
				}
				// far fewer than can wait, on any machine that is not stalled
				LockSupport.parkNanos(100_000);
			}
		});
		sender.start();
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> this.sent.get() > 500);
		event.run();
		done.set(true);
		sender.join();
	}

	private static List<Integer> notes(ObservedPool pool) {
		// a call confirms the messages before it
		List<Integer> notes = new ArrayList<>();
		for (Object note : pool.ask("notes", null, List.class)) {
			notes.add((Integer) note);
		}
		return notes;
	}

}
