package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

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
	static final Duration LAST_WORDS = Duration.ofSeconds(1);

	/** How long a process may live on after its end of the channel was closed. */
	private static final Duration EXIT_GRACE = Duration.ofSeconds(2);

	/** How long a worker may live on after it has said why it cannot start. */
	private static final Duration FAILED_START_GRACE = Duration.ofSeconds(10);

	/** How long the channel may stay open after the process has ended. */
	private static final Duration CHANNEL_GRACE = Duration.ofSeconds(2);

	/**
	 * What a process that leaves by itself may take in addition to its drain timeouts; it
	 * has limits of its own.
	 */
	private static final Duration LEAVE_MARGIN = Duration.ofSeconds(30);

	/** More than any process lives, and little enough to calculate with. */
	private static final Duration MAX_DRAIN = Duration.ofDays(10_000);

	/**
	 * How long a worker that was told to leave over its channel may be silent at least. A
	 * planned end must not fail because the machine is busy.
	 */
	private static final Duration MIN_SILENCE = Duration.ofSeconds(10);

	/** Completes when the worker begins to leave, or has ended. */
	private final CompletableFuture<Void> departure = new CompletableFuture<>();

	private final ForkedProcess process;

	private final Peer peer;

	private final Signal killSignal;

	private final Duration drainTimeout;

	private final Duration killGrace;

	Termination(ForkedProcess process, Peer peer, WorkerSpec spec) {
		this.process = process;
		this.peer = peer;
		this.killSignal = spec.process().killSignal();
		this.drainTimeout = spec.process().drainTimeout();
		this.killGrace = spec.killGrace();
		process.onExit().thenRun(this::departs);
		Duration timeout = spec.process().timeout();
		if (timeout != null) {
			Future<?> alarm = Background.schedule(this::terminate, timeout);
			process.onExit().thenRun(() -> alarm.cancel(false));
		}
	}

	/** Note that the worker begins to leave. */
	void departs() {
		this.departure.complete(null);
	}

	/**
	 * Send the kill signal. A process that does not begin to leave soon, or does not
	 * leave in time, is killed.
	 * @return whether the signal was delivered
	 */
	boolean terminate() {
		boolean delivered = this.process.kill(this.killSignal);
		if (delivered) {
			killUnlessDone(this.departure, this.killGrace, "did not begin to leave");
			killUnlessDone(this.process.onExit(), this.drainTimeout, "did not leave");
		}
		return delivered;
	}

	/**
	 * Kill a worker that was told to leave over its channel, if it does not leave in
	 * time, or is silent though it owes no answer.
	 * @param before gets the reason before the process is killed
	 */
	void told(Duration grace, Consumer<String> before) {
		killUnlessDone(this.process.onExit(), grace, "did not leave", before);
		Duration silence = (this.killGrace.compareTo(MIN_SILENCE) > 0) ? this.killGrace : MIN_SILENCE;
		long bytes = this.peer.channel().bytesRead();
		// one that still starts may not have opened its channel yet
		if (bytes > 0 && silence.compareTo(grace) < 0) {
			killIfSilent(silence, bytes, before);
		}
	}

	/** Kill a worker that has not begun to leave, as soon as it is silent for a time. */
	private void killIfSilent(Duration silence, long bytes, Consumer<String> before) {
		plan(this.departure, silence, () -> {
			long now = this.peer.channel().bytesRead();
			if (now != bytes || this.peer.owesAnswers()) {
				killIfSilent(silence, now, before);
				return;
			}
			String reason = "did not begin to leave within %,d ms".formatted(TimeUnit.MILLISECONDS.convert(silence));
			logger.warn("%s %s, though it owes no answer, and is being killed".formatted(this.peer.id(), reason));
			before.accept(reason);
			killAfterLastWords();
		});
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

	/** Return whether a process prints its threads before such a time is over. */
	static boolean hasTimeForThreads(Duration grace) {
		return grace.minus(LAST_WORDS).compareTo(LAST_WORDS) > 0;
	}

	/** Let a JVM that can still do so print its threads. */
	CompletableFuture<String> printThreads() {
		return CompletableFuture.supplyAsync(this.process::printThreads, Background.EXECUTOR)
			.thenCompose(Function.identity());
	}

	/**
	 * Kill the process if the worker, which leaves by itself, does not end in time.
	 * @param end when the worker has ended
	 */
	void leaves(CompletableFuture<ProcessExit> end) {
		departs();
		killUnlessDone(end, leaveGrace(), "did not leave");
	}

	/**
	 * Return how long a worker may take that leaves by itself: its listeners have the
	 * drain timeout, others that need its parent half of it, and what else its JVM does
	 * at its end the same time again.
	 */
	private Duration leaveGrace() {
		Duration limited = (this.drainTimeout.compareTo(MAX_DRAIN) < 0) ? this.drainTimeout : MAX_DRAIN;
		return limited.multipliedBy(5).dividedBy(2).plus(LEAVE_MARGIN);
	}

	/**
	 * Kill the process if it does not end in time after its channel has ended.
	 * @param goodbye whether the worker announced that it leaves
	 * @param wasReady whether the worker was ready before; one that was not serves nobody
	 * @param told whether the worker was told to leave, in which case it has the time
	 * that it was given
	 */
	void channelEnded(boolean goodbye, boolean wasReady, boolean told) {
		departs();
		if (!goodbye || !told) {
			killUnlessDone(this.process.onExit(), !goodbye ? EXIT_GRACE : wasReady ? leaveGrace() : FAILED_START_GRACE,
					"did not end after closing its channel");
		}
	}

	/**
	 * React to the end of the process. What the process sent before is still being read.
	 * The end of the channel follows by itself, unless another process inherited the
	 * channel.
	 */
	void processEnded(CompletableFuture<?> channelClosed) {
		Future<?> alarm = Background.schedule(this.peer::close, CHANNEL_GRACE);
		channelClosed.thenRun(() -> alarm.cancel(false));
	}

	private void killUnlessDone(CompletableFuture<?> end, Duration grace, String problem) {
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
		if (hasTimeForThreads(grace)) {
			plan(end, grace.minus(LAST_WORDS), this::printThreads);
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
