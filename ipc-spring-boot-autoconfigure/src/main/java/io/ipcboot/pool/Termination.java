package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.ipcboot.channel.Background;
import io.ipcboot.messaging.Peer;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Ends a process, at once or if it does not end by itself.
 */
final class Termination {

	private static final Log logger = LogFactory.getLog(Termination.class);

	/** How long a JVM has to print its threads before it is killed. */
	private static final Duration LAST_WORDS = Duration.ofSeconds(1);

	/** How long a process may live on after its end of the channel was closed. */
	private static final Duration EXIT_GRACE = Duration.ofSeconds(2);

	/** How long a process may take that leaves by itself; it has limits of its own. */
	private static final Duration LEAVE_GRACE = Duration.ofSeconds(60);

	private final ForkedProcess process;

	private final Supplier<Peer> peer;

	Termination(ForkedProcess process, Supplier<Peer> peer) {
		this.process = process;
		this.peer = peer;
	}

	/**
	 * To send a signal takes a descriptor. If there is none left, closing the channel
	 * frees one, and what follows kills the process.
	 */
	void kill() {
		if (!this.process.kill(Signal.KILL)) {
			this.peer.get().close();
		}
	}

	/** Kill it, after a JVM that can still do so has printed its threads. */
	void killAfterLastWords() {
		printThreads();
		Background.schedule(this::kill, LAST_WORDS);
	}

	private void printThreads() {
		Background.EXECUTOR.execute(this.process::printThreads);
	}

	/**
	 * It leaves by itself.
	 * @param end when it has left
	 */
	void leaves(CompletableFuture<ProcessExit> end) {
		killUnlessDone(end, LEAVE_GRACE, "did not leave");
	}

	/**
	 * Its channel has ended.
	 * @param goodbye whether it leaves in order
	 * @param told whether it was told to, and so has the time that it was given
	 */
	void channelEnded(boolean goodbye, boolean told) {
		if (!goodbye || !told) {
			killUnlessDone(this.process.onExit(), goodbye ? LEAVE_GRACE : EXIT_GRACE,
					"did not end after it had closed its channel");
		}
	}

	private void killUnlessDone(CompletableFuture<ProcessExit> end, Duration grace, String problem) {
		killUnlessDone(end, grace, problem, (reason) -> {
		});
	}

	/**
	 * Kill it if it takes too long. Where it hangs is printed shortly before.
	 * @param end what it must not take too long for
	 * @param before told why, before that
	 */
	void killUnlessDone(CompletableFuture<?> end, Duration grace, String problem, Consumer<String> before) {
		String reason = "%s within %,d ms".formatted(problem, grace.toMillis());
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
			logger.warn("%s %s and is killed".formatted(this.peer.get().id(), reason));
			before.accept(reason);
			kill();
		});
	}

	private static void plan(CompletableFuture<?> end, Duration delay, Runnable action) {
		long expected = System.nanoTime() + delay.toNanos();
		Future<?> alarm = Background.schedule(() -> {
			if (LateAlarm.isLate(expected, System.nanoTime())) {
				plan(end, LateAlarm.again(delay), action);
			}
			else {
				action.run();
			}
		}, delay);
		end.whenComplete((result, ex) -> alarm.cancel(false));
	}

}
