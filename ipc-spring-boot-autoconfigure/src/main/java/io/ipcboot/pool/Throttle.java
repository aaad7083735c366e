package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.messaging.CallInterruptedException;
import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Holds up whoever sends one-way messages faster than the members of a pool read them,
 * while others wait already. Without those a full backlog does that. As long as there is
 * no member nobody is held up, since nobody knows for how long that would be. Safe for
 * concurrent use.
 */
final class Throttle {

	/** What is on its way to a member that reads slowly is not much less. */
	static final long CROWD = 8L * 1024 * 1024;

	private final BriefLock lock;

	private final Seating seating;

	private final Waiting waiting;

	private final Duration patience;

	/** Guarded by the lock; {@code null} if nobody is held up. */
	private @Nullable CompletableFuture<Void> relief;

	/**
	 * @param lock that of the {@link Traffic}
	 * @param patience how long somebody is held up at most
	 */
	Throttle(BriefLock lock, Seating seating, Waiting waiting, Duration patience) {
		this.lock = lock;
		this.seating = seating;
		this.waiting = waiting;
		this.patience = patience;
	}

	/**
	 * Wait until no crowd waits before a message.
	 * @return {@code false} if that takes too long
	 */
	boolean pass(Exchange message) {
		long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(this.patience);
		CompletableFuture<Void> next;
		while (!message.isDone() && (next = this.lock.hold(this::next)) != null) {
			long left = end - System.nanoTime();
			if (message.remaining() != 0) {
				left = Math.min(left, message.remaining());
			}
			if (left <= 0) {
				// what has no time left fails for that reason
				return message.remaining() < 0;
			}
			await(next, left, message);
		}
		return true;
	}

	private static void await(CompletableFuture<Void> relief, long nanos, Exchange message) {
		try {
			relief.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// whoever waits looks again
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CallInterruptedException(null, message.destination());
		}
	}

	private @Nullable CompletableFuture<Void> next() {
		if (this.relief == null && isCrowded(CROWD)) {
			this.relief = new CompletableFuture<>();
		}
		// newcomers wait with those that wait already
		return this.relief;
	}

	private boolean isCrowded(long limit) {
		return this.seating.size() > 0 && this.waiting.messageBytes() > limit;
	}

	/**
	 * Let those go on who were held up, once enough others have been sent. To be called
	 * with the lock held.
	 */
	void look() {
		if (this.relief != null && !isCrowded(CROWD / 2)) {
			this.relief.complete(null);
			this.relief = null;
		}
	}

}
