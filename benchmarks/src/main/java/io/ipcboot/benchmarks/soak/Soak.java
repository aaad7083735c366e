package io.ipcboot.benchmarks.soak;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.PoolOptions;
import io.ipcboot.benchmarks.Templates;
import io.ipcboot.pool.Backoff;
import io.ipcboot.pool.CrashBudget;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.PoolSettings.Heartbeat;
import io.ipcboot.pool.PoolSettings.Restart;
import io.ipcboot.pool.PoolSnapshot;

/**
 * Mixed load on a pool of four while every second something happens to one of its
 * workers. At the end everything that was admitted has had one outcome, and this process
 * holds what it held at the beginning; otherwise it exits with code 1.
 */
public final class Soak {

	private static final Duration TIME = Duration.ofSeconds(Long.getLong("seconds", 600));

	/** A channel has a second thread from the first time on that it needs one. */
	private static final int CHANNEL_THREADS = 4;

	private static final Random RANDOM = new Random(Long.getLong("seed", 1));

	private static final PoolSettings SETTINGS = PoolSettings.DEFAULT.withSize(4)
		.withHeartbeat(new Heartbeat(Duration.ofMillis(500), Duration.ofSeconds(3)))
		.withKillGrace(Duration.ofSeconds(1))
		.withRestart(
				new Restart(new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.2, Duration.ofSeconds(1)),
						new CrashBudget.Limit(1000, Duration.ofSeconds(60)), Duration.ofSeconds(5)));

	private Soak() {
	}

	/**
	 * Run it.
	 * @param args none
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		ForkOptions worker = ForkOptions.mainClass(SoakWorker.class).jvmArguments("-XX:TieredStopAtLevel=1");
		ChildProcessTemplate template = Templates.create(new PoolOptions("default", SETTINGS, worker));
		template.startPools();
		SoakTraffic traffic = new SoakTraffic(template);
		Resources idle = settle();
		traffic.start();
		Map<String, Integer> faults = new TreeMap<>();
		long end = System.nanoTime() + TIME.toNanos();
		while (System.nanoTime() < end) {
			TimeUnit.SECONDS.sleep(1);
			faults.merge(harm(template, traffic), 1, Integer::sum);
		}
		traffic.stop();
		boolean healthy = awaitHealthy(template);
		Resources after = settle();
		template.stop(Duration.ofSeconds(10)).join();
		// processes that live on are as bad as anything
		boolean left = ProcessHandle.current().descendants().findAny().isPresent();
		report(traffic, faults, idle, after, healthy && !left);
	}

	private static String harm(ChildProcessTemplate template, SoakTraffic traffic) {
		List<ChildProcess> workers = template.workers("default");
		ChildProcess victim = workers.get(RANDOM.nextInt(workers.size()));
		switch (RANDOM.nextInt(5)) {
			case 0 -> {
				victim.kill("STOP");
				return "stopped";
			}
			case 1 -> {
				traffic.hang();
				return "hung";
			}
			case 2 -> {
				victim.kill("TERM");
				return "asked to leave";
			}
			default -> {
				victim.kill("KILL");
				return "killed";
			}
		}
	}

	private static boolean awaitHealthy(ChildProcessTemplate template) throws InterruptedException {
		for (int attempt = 0; attempt < 60; attempt++) {
			PoolSnapshot now = template.pool("default").snapshot().join();
			if (now.waiting() == 0 && now.slots().stream().allMatch((slot) -> slot.pid() > 0 && slot.inFlight() == 0)) {
				return true;
			}
			TimeUnit.SECONDS.sleep(1);
		}
		System.out.println("THE POOL DOES NOT RECOVER: " + template.pool("default").snapshot().join());
		return false;
	}

	/** Threads and descriptors that are not needed any more go after a minute. */
	private static Resources settle() throws Exception {
		TimeUnit.SECONDS.sleep(Long.getLong("settle", 65));
		return Resources.now();
	}

	private static void report(SoakTraffic traffic, Map<String, Integer> faults, Resources before, Resources after,
			boolean recovered) {
		System.out.println("workers: " + faults);
		traffic.outcomes().forEach(System.out::println);
		System.out.println("before: " + before);
		System.out.println("after:  " + after);
		boolean good = recovered && after.isBackAt(before, CHANNEL_THREADS)
				&& traffic.outcomes().stream().allMatch((outcomes) -> outcomes.addUp() && !outcomes.isAnyWrong());
		System.out.println(good ? "everything adds up" : "SOMETHING IS WRONG");
		System.exit(good ? 0 : 1);
	}

}
