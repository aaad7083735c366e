package io.ipcboot;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket: a number of bytes per second, and up to four times that number at once
 * after a quiet period. Safe for use by several threads.
 */
final class OutputBudget {

	private static final int BURST_SECONDS = 4;

	private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

	private final long bytesPerSecond;

	private final LongSupplier nanoTime;

	private double left;

	private long last;

	private long dropped;

	OutputBudget(long bytesPerSecond, LongSupplier nanoTime) {
		this.bytesPerSecond = bytesPerSecond;
		this.nanoTime = nanoTime;
		this.left = capacity();
		this.last = nanoTime.getAsLong();
	}

	private double capacity() {
		return (double) this.bytesPerSecond * BURST_SECONDS;
	}

	/**
	 * Spend the bytes of a line. A line that is longer than all that can be saved makes
	 * debts.
	 * @return {@code false} if the line has to be dropped
	 */
	synchronized boolean spend(int bytes) {
		long now = this.nanoTime.getAsLong();
		this.left = Math.min(capacity(), this.left + (now - this.last) / SECOND * this.bytesPerSecond);
		this.last = now;
		if (this.left < Math.min(bytes, capacity())) {
			this.dropped++;
			return false;
		}
		this.left -= bytes;
		return true;
	}

	/**
	 * Return how many lines were dropped since the last call of this method.
	 */
	synchronized long takeDropped() {
		long count = this.dropped;
		this.dropped = 0;
		return count;
	}

}
