package io.ipcboot.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.PoolSaturatedException;
import io.ipcboot.pool.WorkerLostException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.ipcboot.scenario.Outcomes.failure;
import static io.ipcboot.scenario.Outcomes.lost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A worker hangs or reads nothing: the others serve meanwhile, and what cannot be served
 * is refused in time.
 */
@ProcessTest
@ExtendWith(OutputCaptureExtension.class)
class HungWorkerTests {

	private static final int MEGABYTE = 1024 * 1024;

	/** An answer that did not have to wait for anything, on a machine that is busy. */
	private static final Duration AT_ONCE = Duration.ofSeconds(3);

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@Test
	void s2OthersServeMeanwhileAndTheThreadDumpShowsWhereItHangs(CapturedOutput output) {
		ForkOptions logging = this.invariants.mark(StandaloneTemplate.child(RawWorker.class));
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).heartbeatTimeout(Duration.ofSeconds(3)),
				logging);
		CompletableFuture<String> hung = pool.call("hang", "x", String.class);
		int served = 0;
		while (pool.deaths().isEmpty() && !hung.isDone()) {
			assertThat(pool.call("echo", "meanwhile", String.class)).succeedsWithin(Duration.ofSeconds(2))
				.isEqualTo("meanwhile");
			served++;
		}
		assertThat(served).as("calls that were served while a worker hung").isGreaterThan(50);
		WorkerLostException lost = lost(hung);
		assertThat(lost.getLossCause()).isEqualTo(LossCause.HEARTBEAT);
		pool.expectDeaths(LossCause.HEARTBEAT);
		assertThat(pool.failed).as("calls that failed").hasValue(1);
		long pid = lost.getExit().pid();
		pool.awaitReplaced(pid);
		List<String> logged = output.getOut().lines().filter((line) -> line.contains(" " + pid + "]")).toList();
		assertThat(logged).as("what the worker has printed")
			.anyMatch((line) -> line.contains("Full thread dump"))
			.anyMatch((line) -> line.contains("at io.ipcboot.scenario.RawWorker.hang("));
		assertThat(output.getOut()).contains("gave no sign of life").contains("it was serving 'hang'");
	}

	@Test
	@Tag("long")
	void s15TheLineBehindASlowConsumerIsBoundedInLengthAndTime() {
		Duration queueTimeout = Duration.ofSeconds(5);
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).queue(3, queueTimeout),
				this.invariants.worker(), new ChannelOptions(4 * MEGABYTE, MEGABYTE, Duration.ofSeconds(15)));
		ChildProcess worker = pool.worker();
		worker.kill("STOP");
		byte[] message = new byte[2 * MEGABYTE];
		CompletableFuture<byte[]> first = pool.call("bytes", message, byte[].class);
		long start = System.nanoTime();
		List<CompletableFuture<byte[]>> waiting = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			waiting.add(pool.call("bytes", message, byte[].class));
		}
		assertThatExceptionOfType(PoolSaturatedException.class)
			.isThrownBy(() -> pool.call("bytes", message, byte[].class));
		assertThat(since(start)).as("time that callers were held up").isLessThan(AT_ONCE);
		// the supervisor does not wait for the worker either
		assertThat(pool.operations().snapshot()).succeedsWithin(AT_ONCE)
			.satisfies((snapshot) -> assertThat(snapshot.waiting()).isEqualTo(3));
		waiting.forEach(
				(call) -> assertThat(failure(call, Invariants.PATIENCE)).isInstanceOf(PoolSaturatedException.class));
		assertThat(since(start)).as("time that they waited for the worker")
			.isBetween(queueTimeout, queueTimeout.plusSeconds(4));
		assertThat(first).isNotDone();
		worker.kill("CONT");
		assertThat(first).succeedsWithin(Invariants.PATIENCE).isEqualTo(message);
	}

	@Test
	@Tag("long")
	void s15NothingIsHeldUpByAWorkerThatReadsNothing() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).heartbeatTimeout(Duration.ofSeconds(20)));
		ChildProcess stopped = pool.worker();
		stopped.kill("STOP");
		CompletableFuture<byte[]> stuck = stopped.callAsync("bytes", new byte[8 * MEGABYTE], byte[].class);
		CompletableFuture<Boolean> drained = pool.operations().drain(1);
		// the loop of the supervisor is free to replace the other one
		assertThat(drained).succeedsWithin(AT_ONCE).isEqualTo(true);
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> pool.exits().size() == 1 && pool.pids().size() == 2);
		assertThat(stuck).isNotDone();
		stopped.kill("CONT");
		assertThat(stuck).succeedsWithin(Invariants.PATIENCE)
			.satisfies((reply) -> assertThat(reply).hasSize(8 * MEGABYTE));
	}

	private static Duration since(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

}
