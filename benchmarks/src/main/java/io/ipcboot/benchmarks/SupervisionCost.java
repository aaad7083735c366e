package io.ipcboot.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.MessageOperations;
import io.ipcboot.PoolOptions;
import io.ipcboot.pool.PoolSettings;

/**
 * Measures the cost of supervision: a supervised pool of one worker, the same worker
 * addressed directly, and two forked processes that do the same work take short turns in
 * random order. The medians of their ratios to the first process are printed. The ratio
 * of the second process would be 1 if all processes were equal, but JIT compilation
 * differs from process to process. A pool and its worker share one process, so their
 * ratio is the most meaningful. The benchmark also prints the processor time that the
 * parent and its workers took for a message in all turns together, and that of a pool of
 * eight idle workers.
 */
public final class SupervisionCost {

	private static final int ROUNDS = Integer.getInteger("rounds", 100);

	private static final Duration ROUND = Duration.ofMillis(Long.getLong("millis", 300));

	private static final Duration WARM_UP = Duration.ofMillis(Long.getLong("warmup", 9000));

	private static final Duration IDLE = Duration.ofSeconds(Long.getLong("idle", 30));

	private SupervisionCost() {
	}

	/**
	 * Run everything.
	 * @param args the names of workloads; all three if there is none
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		ForkOptions child = ForkOptions.mainClass(Child.class);
		ChildProcessTemplate template = Templates.create(new PoolOptions("default", settings(), child));
		template.startPools();
		try (ChildProcess process = template.fork(child); ChildProcess control = template.fork(child)) {
			for (Workload workload : workloads(args)) {
				compare(workload, new Side("pool of one", workload, template),
						new Side("its worker, directly", workload, template.workers("default").get(0)),
						new Side("process", workload, process), new Side("the same again", workload, control));
			}
		}
		template.stop(Duration.ofSeconds(5)).join();
		idle(child);
	}

	/**
	 * The default, but calls wait at the worker, as those do that are sent to it
	 * directly.
	 */
	private static PoolSettings settings() {
		PoolSettings settings = PoolSettings.DEFAULT;
		return new PoolSettings(settings.size(), settings.spares(), settings.concurrency(), 64,
				settings.queueCapacity(), settings.queueTimeout(), settings.balancing(), settings.callTimeout(),
				settings.onTimeout(), settings.killGrace(), settings.heartbeat(), settings.restart(),
				settings.failFast(), settings.recycle(), settings.quarantine(), settings.retry(),
				settings.drainTimeout());
	}

	private static List<Workload> workloads(String[] names) {
		return (names.length > 0) ? Stream.of(names).map(Workload::valueOf).toList()
				: List.of(Workload.CALL_ONE, Workload.CALL_64, Workload.MESSAGES_100B);
	}

	private static void compare(Workload workload, Side pool, Side worker, Side process, Side control)
			throws Exception {
		List<Side> sides = new ArrayList<>(List.of(pool, worker, process, control));
		for (long end = System.nanoTime() + WARM_UP.toNanos(); System.nanoTime() < end;) {
			for (Side side : sides) {
				side.load.run(workload, ROUND);
			}
		}
		Random order = new Random(1);
		for (int round = 0; round < ROUNDS; round++) {
			for (Side side : sides) {
				side.run(round);
			}
			// a worker that was just busy is faster, so the order changes from turn to
			// turn
			Collections.shuffle(sides, order);
		}
		System.out.printf("%-28s %14s %8s %16s%n", workload.title(), "", "ratio", "processor time");
		for (Side side : List.of(pool, worker, process, control)) {
			System.out.printf(Locale.ROOT, "  %-26s %,12.0f/s %8.3f %,8.0f ns %6.3f%n", side.name,
					SideBySide.median(side.rates), side.ratioTo(process), side.nanos(), side.nanos() / process.nanos());
		}
		System.out.printf(Locale.ROOT, "  %-26s %14s %8.3f%n", "pool to its worker", "", pool.ratioTo(worker));
	}

	private static void idle(ForkOptions child) throws InterruptedException {
		ChildProcessTemplate template = Templates.create(new PoolOptions("default", 8, child));
		template.startPools();
		TimeUnit.SECONDS.sleep(5);
		long before = cpuMillis();
		TimeUnit.NANOSECONDS.sleep(IDLE.toNanos());
		System.out.printf(Locale.ROOT, "a parent and 8 idle workers: %,d ms of processor time in %,d s%n",
				cpuMillis() - before, IDLE.toSeconds());
		template.stop(Duration.ofSeconds(5)).join();
	}

	private static long cpuMillis() {
		ProcessHandle self = ProcessHandle.current();
		return Stream.concat(Stream.of(self), self.descendants())
			.mapToLong((process) -> process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis())
			.sum();
	}

	/** One of those that take turns, and what was counted in its turns. */
	private static final class Side {

		private final double[] rates = new double[ROUNDS];

		private final String name;

		private final Workload workload;

		private final Load load;

		private long cpuMillis;

		private double messages;

		Side(String name, Workload workload, MessageOperations target) {
			this.name = name;
			this.workload = workload;
			this.load = new Load(target);
		}

		void run(int round) throws Exception {
			long cpuBefore = cpuMillis();
			long start = System.nanoTime();
			this.rates[round] = this.load.run(this.workload, ROUND);
			this.messages += this.rates[round] * (System.nanoTime() - start) / 1e9;
			this.cpuMillis += cpuMillis() - cpuBefore;
		}

		double ratioTo(Side other) {
			return SideBySide.median(IntStream.range(0, ROUNDS)
				.mapToDouble((round) -> this.rates[round] / other.rates[round])
				.toArray());
		}

		/** The processor time for a message. */
		double nanos() {
			return this.cpuMillis * 1e6 / this.messages;
		}

	}

}
