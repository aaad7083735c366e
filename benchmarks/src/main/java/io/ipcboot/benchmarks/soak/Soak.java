package io.ipcboot.benchmarks.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.PoolOperations;
import io.ipcboot.PoolOptions;
import io.ipcboot.benchmarks.Templates;
import io.ipcboot.pool.Backoff;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.pool.PoolSettings.Heartbeat;
import io.ipcboot.pool.PoolSettings.Restart;
import io.ipcboot.pool.PoolSnapshot;

/**
 * Runs mixed load on a pool of four while a worker is killed, stopped or hung every
 * second, and the workers of another pool lie. At the end every admitted operation must
 * have had one outcome, and this process must hold the resources it held at the
 * beginning; otherwise it exits with code 1. The workers that lie are among the test
 * classes of the library, which have to be on the class path.
 */
public final class Soak {

	private static final Duration TIME = Duration.ofSeconds(Long.getLong("seconds", 600));

	/** A channel starts a second thread when it first needs one. */
	private static final int CHANNEL_THREADS = 6;

	private static final Random RANDOM = new Random(Long.getLong("seed", 1));

	private Soak() {
	}

	/**
	 * Run the soak test.
	 * @param args none
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		ForkOptions worker = ForkOptions.mainClass(SoakWorker.class).jvmArguments("-XX:TieredStopAtLevel=1");
		ChildProcessTemplate template = Templates.create(new PoolOptions("default", settings(), worker),
				LyingTraffic.options(settings()));
		LyingTraffic lies = new LyingTraffic(template.pool(LyingTraffic.POOL), RANDOM);
		template.startPools();
		SoakTraffic traffic = new SoakTraffic(template.to("default"));
		Resources idle = settle();
		traffic.start();
		Map<String, Integer> faults = new TreeMap<>();
		long end = System.nanoTime() + TIME.toNanos();
		while (System.nanoTime() < end) {
			TimeUnit.SECONDS.sleep(1);
			faults.merge(harm(template, traffic), 1, Integer::sum);
			lies.lie();
		}
		traffic.stop();
		boolean healthy = awaitHealthy(template.pool("default")) && awaitHealthy(template.pool(LyingTraffic.POOL));
		Resources after = settle();
		template.stop(Duration.ofSeconds(10)).join();
		// processes that live on count as a failure
		boolean left = ProcessHandle.current().descendants().findAny().isPresent();
		List<Outcomes> outcomes = new ArrayList<>(traffic.outcomes());
		outcomes.add(lies.outcomes());
		report(outcomes, faults, idle, after, healthy && !left);
	}

	/** A pool of four that notices and replaces at once what does not work. */
	private static PoolSettings settings() {
		PoolSettings settings = PoolSettings.DEFAULT;
		Heartbeat heartbeat = new Heartbeat(Duration.ofMillis(500), Duration.ofSeconds(3));
		Backoff backoff = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.2, Duration.ofSeconds(1));
		Restart restart = new Restart(backoff, new CrashBudget(1000, Duration.ofSeconds(60)), Duration.ofSeconds(5));
		return new PoolSettings(4, settings.spares(), settings.concurrency(), settings.prefetch(),
				settings.queueCapacity(), settings.queueTimeout(), settings.balancing(), settings.callTimeout(),
				settings.onTimeout(), Duration.ofSeconds(1), heartbeat, restart, settings.failFast(),
				settings.recycle(), settings.quarantine(), settings.retry(), settings.drainTimeout());
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

	private static boolean awaitHealthy(PoolOperations pool) throws InterruptedException {
		for (int attempt = 0; attempt < 60; attempt++) {
			PoolSnapshot now = pool.snapshot().join();
			if (now.waiting() == 0 && now.slots().stream().allMatch((slot) -> slot.pid() > 0 && slot.inFlight() == 0)) {
				return true;
			}
			TimeUnit.SECONDS.sleep(1);
		}
		System.out.println("THE POOL DOES NOT RECOVER: " + pool.snapshot().join());
		return false;
	}

	/** Wait a minute for threads and descriptors that are no longer needed to go. */
	private static Resources settle() throws Exception {
		TimeUnit.SECONDS.sleep(Long.getLong("settle", 65));
		return Resources.now();
	}

	private static void report(List<Outcomes> outcomes, Map<String, Integer> faults, Resources before, Resources after,
			boolean recovered) {
		System.out.println("workers: " + faults);
		outcomes.forEach(System.out::println);
		System.out.println("before: " + before);
		System.out.println("after:  " + after);
		boolean good = recovered && after.isBackAt(before, CHANNEL_THREADS)
				&& outcomes.stream().allMatch((kind) -> kind.addUp() && !kind.isAnyWrong());
		System.out.println(good ? "everything adds up" : "SOMETHING IS WRONG");
		System.exit(good ? 0 : 1);
	}

}
