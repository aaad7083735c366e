package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.PauseAwareTimer;
import io.ipcboot.messaging.Peer;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Kills the process of a worker, at once or if it does not end in time.
 */
final class Termination {

	private static final Log logger = LogFactory.getLog(Termination.class);

	/** How long a JVM has to print its threads before it is killed. */
	private static final Duration LAST_WORDS = Duration.ofSeconds(1);

	/** How long a process may live on after its end of the channel was closed. */
	private static final Duration EXIT_GRACE = Duration.ofSeconds(2);

	/** How long a process that leaves by itself may take; it has limits of its own. */
	private static final Duration LEAVE_GRACE = Duration.ofSeconds(60);

	private final ForkedProcess process;

	private final Peer peer;

	Termination(ForkedProcess process, Peer peer) {
		this.process = process;
		this.peer = peer;
	}

	/**
	 * Kill the process. Sending a signal takes a descriptor. If none is left, closing the
	 * channel frees one, and the end of the channel leads to the kill.
	 */
	void kill() {
		if (!this.process.kill(Signal.KILL)) {
			this.peer.close();
		}
	}

	/** Kill the process. A JVM that can still do so prints its threads first. */
	void killAfterLastWords() {
		printThreads();
		Background.schedule(this::kill, LAST_WORDS);
	}

	private void printThreads() {
		Background.EXECUTOR.execute(this.process::printThreads);
	}

	/**
	 * Kill the process if the worker, which leaves by itself, does not end in time.
	 * @param end when the worker has ended
	 */
	void leaves(CompletableFuture<ProcessExit> end) {
		killUnlessDone(end, LEAVE_GRACE, "did not leave");
	}

	/**
	 * Kill the process if it does not end in time after its channel has ended.
	 * @param goodbye whether the worker announced that it leaves
	 * @param told whether the worker was told to leave, in which case it has the time
	 * that it was given
	 */
	void channelEnded(boolean goodbye, boolean told) {
		if (!goodbye || !told) {
			killUnlessDone(this.process.onExit(), goodbye ? LEAVE_GRACE : EXIT_GRACE,
					"did not end after closing its channel");
		}
	}

	private void killUnlessDone(CompletableFuture<ProcessExit> end, Duration grace, String problem) {
		killUnlessDone(end, grace, problem, (reason) -> {
		});
	}

	/**
	 * Kill the process if something takes too long. The process prints its threads
	 * shortly before.
	 * @param end what must not take too long
	 * @param before gets the reason before the process is killed
	 */
	void killUnlessDone(CompletableFuture<?> end, Duration grace, String problem, Consumer<String> before) {
		String reason = "%s within %,d ms".formatted(problem, TimeUnit.MILLISECONDS.convert(grace));
		if (grace.isZero()) {
			before.accept(reason);
			kill();
			return;
		}
		Duration patience = grace.minus(LAST_WORDS);
		if (patience.compareTo(LAST_WORDS) > 0) {
			plan(end, patience, this::printThreads);
		}
		plan(end, grace, () -> {
			logger.warn("%s %s and is being killed".formatted(this.peer.id(), reason));
			before.accept(reason);
			kill();
		});
	}

	private static void plan(CompletableFuture<?> end, Duration delay, Runnable action) {
		PauseAwareTimer timer = new PauseAwareTimer();
		timer.schedule(action, delay);
		end.whenComplete((result, ex) -> timer.cancel());
	}

}
