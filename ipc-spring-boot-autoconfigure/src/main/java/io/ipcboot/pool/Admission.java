package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.CallInterruptedException;
import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message may enter a pool, and returns the reason if not: the pool is
 * closed, degraded, or saturated. Also blocks senders of one-way messages that are faster
 * than the workers read. Guarded by the lock of its {@link PoolRouter}, unless a method
 * states otherwise.
 */
final class Admission {

	/**
	 * The waiting bytes at which senders are held up; a channel to a slow reader holds
	 * about as many.
	 */
	static final long CROWD = 8L * 1024 * 1024;

	private static final String NONE_READY = "none is ready";

	private final String pool;

	private final SpinThenParkLock lock;

	private final ReadyWorkers readyWorkers;

	private final WaitingQueue waiting;

	private final Duration sendTimeout;

	/** Whether the pool takes new messages; also read without the lock. */
	private volatile boolean accepting = true;

	private boolean ended;

	private volatile @Nullable String degradation;

	/** What all refusals of the degraded pool say. */
	private volatile @Nullable String refusal;

	/** Why there is no worker, if there is none. */
	private volatile String absence = NONE_READY;

	/** Completed to let held-up senders go on; {@code null} if none is held up. */
	private @Nullable CompletableFuture<Void> relief;

	private long refused;

	/**
	 * @param lock the lock of the {@link PoolRouter}
	 * @param sendTimeout the maximum time for which a sender is held up
	 */
	Admission(String pool, SpinThenParkLock lock, ReadyWorkers readyWorkers, WaitingQueue waiting,
			Duration sendTimeout) {
		this.pool = pool;
		this.lock = lock;
		this.readyWorkers = readyWorkers;
		this.waiting = waiting;
		this.sendTimeout = sendTimeout;
	}

	/**
	 * Admit a new message only if a worker may become able to handle it.
	 * @throws PoolClosedException if the pool takes no new messages
	 * @throws PoolDegradedException if there is no worker and none is expected
	 */
	void require() {
		if (!this.accepting) {
			throw closed();
		}
		if (isHopeless()) {
			throw hopeless();
		}
	}

	/**
	 * Hold up the sender of a one-way message while many others wait. If none wait, the
	 * full backlog of a channel provides the backpressure. Without any worker no sender
	 * is held up, since the wait could last for any time; the sender of a call never is.
	 * Called without the lock.
	 * @throws PoolSaturatedException if the sender would have to wait for too long
	 */
	void holdUp(Exchange message) {
		if (message.isCall()) {
			return;
		}
		long end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(this.sendTimeout);
		CompletableFuture<Void> next;
		while (!message.isDone() && (next = this.lock.hold(this::awaited)) != null) {
			long left = end - System.nanoTime();
			if (message.remaining() != 0) {
				left = Math.min(left, message.remaining());
			}
			if (left <= 0) {
				if (message.remaining() < 0) {
					// the message fails because it has no time left
					return;
				}
				throw this.lock.hold(this::saturated);
			}
			await(next, left, message);
		}
	}

	private static void await(CompletableFuture<Void> relief, long nanos, Exchange message) {
		try {
			relief.get(nanos, TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// the caller looks again
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CallInterruptedException(null, message.destination());
		}
	}

	private @Nullable CompletableFuture<Void> awaited() {
		if (this.relief == null && isCrowded(CROWD)) {
			this.relief = new CompletableFuture<>();
		}
		// new senders wait with those that are held up already
		return this.relief;
	}

	private boolean isCrowded(long limit) {
		return this.readyWorkers.size() > 0 && this.waiting.messageBytes() > limit;
	}

	/**
	 * Let held-up senders go on once enough waiting messages were sent.
	 */
	void relieve() {
		if (this.relief != null && !isCrowded(CROWD / 2)) {
			this.relief.complete(null);
			this.relief = null;
		}
	}

	/** Return whether no worker is there or expected. */
	boolean isHopeless() {
		return this.ended || (this.degradation != null && this.readyWorkers.size() == 0);
	}

	/** Return whether the pool takes new messages. May be called without the lock. */
	boolean isAccepting() {
		return this.accepting;
	}

	/** Refuse new messages. */
	void close() {
		this.accepting = false;
	}

	/** Refuse new messages, and let none wait. */
	void end() {
		this.accepting = false;
		this.ended = true;
	}

	/**
	 * Let no message wait as long as there is no worker.
	 * @param reason why the pool is degraded; {@code null} to end that
	 */
	void degrade(@Nullable String reason) {
		this.degradation = reason;
		this.refusal = (reason != null) ? PoolDegradedException.text(this.pool, reason) : null;
	}

	/** Return why the pool is degraded, if it is. May be called without the lock. */
	@Nullable String degradation() {
		return this.degradation;
	}

	PoolClosedException closed() {
		return new PoolClosedException(this.pool);
	}

	/** Return why no message may wait. May be called without the lock. */
	IpcException hopeless() {
		String text = this.refusal;
		return (text != null) ? new PoolDegradedException(text) : closed();
	}

	/**
	 * Count and return the refusal of a message that found all workers busy and no room
	 * to wait.
	 */
	PoolSaturatedException saturated() {
		this.refused++;
		int workers = this.readyWorkers.size();
		String state = (workers > 0) ? "its %d workers are busy".formatted(workers) : noWorker();
		return new PoolSaturatedException(this.pool,
				"%s and %,d messages and calls are already waiting".formatted(state, this.waiting.size()));
	}

	private String noWorker() {
		return "it has no worker (%s)".formatted(this.absence);
	}

	/**
	 * Note why there is no worker. May be called without the lock.
	 * @param reason how the last worker ended; {@code null} if that is over
	 */
	void explainAbsence(@Nullable String reason) {
		this.absence = (reason != null) ? reason : NONE_READY;
	}

	/** Return why messages wait. May be called without the lock. */
	String explainDelay() {
		int workers = this.readyWorkers.size();
		return (workers > 0) ? "none of the %d workers of the pool '%s' had room".formatted(workers, this.pool)
				: "the pool '%s' has no worker (%s)".formatted(this.pool, this.absence);
	}

	boolean isPoolOf(PeerId worker) {
		return this.pool.equals(worker.pool());
	}

	/** Return the failure of a call that would wait for itself. */
	CallDeadlockException deadlock(String chain) {
		return CallDeadlockException.in(this.pool, chain + " → " + this.pool);
	}

	/**
	 * Return the failure of a message that waited too long. May be called without the
	 * lock.
	 */
	PoolSaturatedException waitedTooLong(Duration queueTimeout) {
		String problem = (this.readyWorkers.size() > 0) ? "no worker had room for the message" : noWorker();
		return new PoolSaturatedException(this.pool,
				"%s; the message waited for %,d ms".formatted(problem, TimeUnit.MILLISECONDS.convert(queueTimeout)));
	}

	/** Return how many messages found all workers busy and no room to wait. */
	long refused() {
		return this.refused;
	}

}
