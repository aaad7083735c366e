package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pool takes messages, and what is said if it does not. Guarded by the lock of
 * its {@link Traffic}.
 */
final class Admission {

	private final String pool;

	/** Read without the lock too. */
	private volatile boolean accepting = true;

	private boolean ended;

	private volatile @Nullable String degradation;

	private long refused;

	Admission(String pool) {
		this.pool = pool;
	}

	/**
	 * @param seats how many seats are open
	 * @throws PoolClosedException if nothing new is taken
	 * @throws PoolDegradedException if nobody is there and nobody is expected
	 */
	void require(int seats) {
		if (!this.accepting) {
			throw closed();
		}
		if (isHopeless(seats)) {
			throw hopeless();
		}
	}

	/** Whether waiting is in vain. */
	boolean isHopeless(int seats) {
		return this.ended || (this.degradation != null && seats == 0);
	}

	boolean isAccepting() {
		return this.accepting;
	}

	/** Take nothing new. */
	void close() {
		this.accepting = false;
	}

	/** Send nothing any more. */
	void end() {
		this.accepting = false;
		this.ended = true;
	}

	void degrade(@Nullable String reason) {
		this.degradation = reason;
	}

	PoolClosedException closed() {
		return new PoolClosedException(this.pool);
	}

	/** Why waiting is in vain. May be called without the lock. */
	IpcException hopeless() {
		String reason = this.degradation;
		return (reason != null) ? new PoolDegradedException(this.pool, reason) : closed();
	}

	PoolSaturatedException saturated(int seats, int waiting) {
		this.refused++;
		return new PoolSaturatedException(this.pool,
				"its %d workers are busy and %,d messages and calls wait already".formatted(seats, waiting));
	}

	/** How many messages found all seats busy and no room to wait. */
	long refused() {
		return this.refused;
	}

}
