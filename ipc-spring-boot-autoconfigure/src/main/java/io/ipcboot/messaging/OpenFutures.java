package io.ipcboot.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.ipcboot.channel.IpcChannel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Limits the futures that listeners returned and that are incomplete. At the limit, the
 * dispatching thread waits until one of them completes, so that what is slow behind them
 * slows down the senders.
 */
final class OpenFutures {

	private static final Log logger = LogFactory.getLog(OpenFutures.class);

	/** How many futures may be incomplete before nothing more is started. */
	private static final int LIMIT = 10_000;

	/** How long none of so many futures may complete until they hold up nothing more. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Semaphore permits = new Semaphore(LIMIT);

	private final IpcChannel channel;

	private final Set<Inbound> waiting;

	private final Consumer<Inbound> finished;

	/** Whether calls alone have all permits, and none of their futures completes. */
	private volatile boolean stalled;

	/**
	 * @param waiting the messages that may have a permit
	 * @param finished informed of each one-way message whose future is not waited for any
	 * more
	 */
	OpenFutures(IpcChannel channel, Set<Inbound> waiting, Consumer<Inbound> finished) {
		this.channel = channel;
		this.waiting = waiting;
		this.finished = finished;
	}

	/**
	 * Take a permit for one more future, and wait for it if there is none. If no future
	 * completes, no sender of a one-way message waits for its future, which may never
	 * complete, so it is not waited for any more. The futures of calls end with their
	 * calls.
	 * @return {@code false} if only calls have permits
	 */
	boolean acquire() {
		return this.permits.tryAcquire() || await();
	}

	private boolean await() {
		if (this.stalled) {
			return false;
		}
		logger.warn("%,d futures that listeners returned for messages from %s are incomplete; nothing else "
			.formatted(LIMIT, this.channel.peer()) + "is started until one of them completes");
		if (awaitPermit()) {
			return true;
		}
		List<Inbound> forgotten = this.waiting.stream()
			.filter((inbound) -> !inbound.isCall() && release(inbound))
			.toList();
		logger
			.error("None of these futures completed within %,d ms; %,d are of one-way messages, which count as handled"
				.formatted(PATIENCE.toMillis(), forgotten.size()));
		forgotten.forEach(this.finished);
		this.stalled = forgotten.isEmpty();
		return this.permits.tryAcquire();
	}

	private boolean awaitPermit() {
		long end = System.nanoTime() + PATIENCE.toNanos();
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.permits.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					// meant for the listener, which has returned
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Return why a call has no permit. */
	static IllegalStateException refusal() {
		return new IllegalStateException("%,d calls wait for futures, and none of them completes".formatted(LIMIT));
	}

	/** Give back the permit of a future, unless that was done before. */
	boolean release(Inbound inbound) {
		boolean held = inbound.releasePermit();
		if (held) {
			this.stalled = false;
			this.permits.release();
		}
		return held;
	}

}
