package io.ipcboot.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.PoolOptions;
import io.ipcboot.pool.PoolSettings;

/**
 * What supervision costs: a forked process, and a supervised pool of one worker that does
 * the same, take turns, and the medians of the pairs' ratios are printed. Then the
 * processor time of a pool of eight that has nothing to do.
 */
public final class SupervisionCost {

	private static final int ROUNDS = Integer.getInteger("rounds", 11);

	private static final Duration ROUND = Duration.ofMillis(Long.getLong("millis", 1000));

	private static final Duration IDLE = Duration.ofSeconds(Long.getLong("idle", 30));

	private SupervisionCost() {
	}

	/**
	 * Run everything.
	 * @param args none
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		ForkOptions child = ForkOptions.mainClass(Child.class);
		ChildProcessTemplate template = Templates
			.create(new PoolOptions("default", PoolSettings.DEFAULT.withPrefetch(64), child));
		template.startPools();
		try (ChildProcess process = template.fork(child)) {
			System.out.printf("%-28s %14s %14s %8s%n", "", "pool of one", "process", "ratio");
			for (Workload workload : List.of(Workload.CALL_ONE, Workload.CALL_64, Workload.MESSAGES_100B)) {
				compare(workload, new Load(template), new Load(process));
			}
		}
		template.stop(Duration.ofSeconds(5)).join();
		idle(child);
	}

	private static void compare(Workload workload, Load pool, Load process) throws Exception {
		double[] pools = new double[ROUNDS];
		double[] processes = new double[ROUNDS];
		double[] ratios = new double[ROUNDS];
		for (int warmUp = 0; warmUp < 3; warmUp++) {
			pool.run(workload, ROUND);
			process.run(workload, ROUND);
		}
		for (int round = 0; round < ROUNDS; round++) {
			pools[round] = pool.run(workload, ROUND);
			processes[round] = process.run(workload, ROUND);
			ratios[round] = pools[round] / processes[round];
		}
		System.out.printf(Locale.ROOT, "%-28s %,12.0f/s %,12.0f/s %8.2f%n", workload.title(), median(pools),
				median(processes), median(ratios));
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

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

}
