package io.ipcboot.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.pool.WorkerLostException;

/**
 * Measures how long a caller takes to notice that the process that ran its call was
 * killed with SIGKILL: from kill(2) to the exception.
 */
public final class TimeToNotice {

	private static final int ROUNDS = Integer.getInteger("rounds", 50);

	private TimeToNotice() {
	}

	/**
	 * Run everything.
	 * @param args none
	 * @throws Exception if a call does not fail as it should
	 */
	public static void main(String[] args) throws Exception {
		ForkOptions child = ForkOptions.mainClass(Child.class);
		ChildProcessTemplate template = Templates.create();
		double[] millis = new double[ROUNDS];
		for (int round = -3; round < ROUNDS; round++) {
			try (ChildProcess process = template.fork(child)) {
				CompletableFuture<Void> call = process.callAsync("block", null, Void.class);
				TimeUnit.MILLISECONDS.sleep(100);
				long start = System.nanoTime();
				process.kill("SIGKILL");
				expectLoss(call);
				if (round >= 0) {
					millis[round] = (System.nanoTime() - start) / 1e6;
				}
			}
		}
		System.out.printf(Locale.ROOT, "%d processes killed: noticed after %.1f ms (median), %.1f ms (at most)%n",
				ROUNDS, SideBySide.median(millis), Arrays.stream(millis).max().orElseThrow());
		template.stop(Duration.ofSeconds(5)).join();
	}

	private static void expectLoss(CompletableFuture<Void> call) throws InterruptedException {
		try {
			call.get();
			throw new IllegalStateException("The call has an outcome");
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof WorkerLostException)) {
				throw new IllegalStateException(ex.getCause());
			}
		}
	}

}
