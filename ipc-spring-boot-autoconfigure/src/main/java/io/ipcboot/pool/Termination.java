package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
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
	private static final Duration LAST_WORDS = Duration.ofMillis(500);

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
		Background.EXECUTOR.execute(() -> this.process.kill(Signal.QUIT));
		Background.schedule(this::kill, LAST_WORDS);
	}

	/**
	 * Kill it if it takes too long.
	 * @param end what it must not take too long for
	 */
	void killUnlessDone(CompletableFuture<ProcessExit> end, Duration grace, String problem) {
		killUnlessDone(end, grace, problem, () -> {
		});
	}

	/**
	 * Kill it if it takes too long.
	 * @param end what it must not take too long for
	 * @param before what is done before that
	 */
	void killUnlessDone(CompletableFuture<ProcessExit> end, Duration grace, String problem, Runnable before) {
		if (grace.isZero()) {
			before.run();
			kill();
			return;
		}
		Future<?> alarm = Background.schedule(() -> {
			logger.warn("%s %s within %,d ms and is killed".formatted(this.peer.get().id(), problem, grace.toMillis()));
			before.run();
			kill();
		}, grace);
		end.whenComplete((exit, ex) -> alarm.cancel(false));
	}

}
