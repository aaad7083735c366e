package io.ipcboot.scenario;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a worker prints harms nobody.
 */
@ProcessTest
@Tag("long")
class OutputTests {

	private static final int CALLS = 200;

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@Test
	void s7FloodOfOutput() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2), logging());
		long quiet = medianMicros(pool);
		long heap = usedHeap();
		ChildProcess one = pool.worker();
		assertThat(one.callAsync("flood", 3_000L, String.class)).succeedsWithin(Invariants.PATIENCE);
		long loud = medianMicros(pool);
		pool.awaitPrinted(one, "the flood is over");
		// a bound for what hangs, as the flood takes processors from the calls
		assertThat(loud).as("microseconds of a call, %d without the flood", quiet)
			.isLessThan(Duration.ofMillis(500).toNanos() / 1000);
		assertThat(usedHeap() - heap).as("heap that the flood has left behind")
			.isLessThan(DataSize.ofMegabytes(32).toBytes());
		assertThat(one.lastLines()).hasSizeLessThanOrEqualTo(50);
	}

	@Test
	void s7LineWithoutAnEnd() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1), logging());
		long heap = usedHeap();
		assertThat(pool.ask("line", 50 * 1024 * 1024, Integer.class)).isEqualTo(50 * 1024 * 1024);
		assertThat(pool.worker().lastLines()).allMatch((line) -> line.length() <= 8 * 1024);
		assertThat(usedHeap() - heap).isLessThan(DataSize.ofMegabytes(32).toBytes());
	}

	@Test
	void s8GarbageOnStandardOutput() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		for (int i = 1; i <= 20; i++) {
			assertThat(pool.ask("garbage", i * 1000, Integer.class)).isEqualTo(i * 1000);
			assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
		}
	}

	@Test
	void s8FramesOnStandardOutputAreNotFrames() {
		ForkOptions raw = this.invariants.mark(StandaloneTemplate.child(RawWorker.class));
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).concurrency(2), raw);
		ChildProcess worker = pool.worker();
		for (int i = 0; i < 50; i++) {
			CompletableFuture<String> first = pool.call("forge", "genuine " + i, String.class);
			// its id is the one that the forged outcomes are for, too
			CompletableFuture<String> second = pool.call("echo", "also genuine " + i, String.class);
			assertThat(first).succeedsWithin(Invariants.PATIENCE).isEqualTo("genuine " + i);
			assertThat(second).succeedsWithin(Invariants.PATIENCE).isEqualTo("also genuine " + i);
		}
		assertThat(worker.lastLines()).anyMatch((line) -> line.contains("forged"));
		assertThat(pool.worker()).as("the worker, which has taken no leave").isSameAs(worker);
	}

	/** With the log as output, which has a limit. */
	private ForkOptions logging() {
		return this.invariants.mark(StandaloneTemplate.child(ScenarioWorker.class))
			.outputLimit(DataSize.ofKilobytes(1));
	}

	private static long medianMicros(ObservedPool pool) {
		long[] micros = new long[CALLS];
		for (int i = 0; i < CALLS; i++) {
			long start = System.nanoTime();
			assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
			micros[i] = (System.nanoTime() - start) / 1000;
		}
		Arrays.sort(micros);
		return micros[CALLS / 2];
	}

	private static long usedHeap() {
		System.gc();
		Awaitility.await().pollDelay(Duration.ofMillis(50)).until(() -> true);
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
