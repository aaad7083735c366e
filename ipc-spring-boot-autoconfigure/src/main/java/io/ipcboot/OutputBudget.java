package io.ipcboot;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket: so many bytes a second, and four times as many at once after a quiet
 * time. Safe for use by several threads.
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
	 * Spend the bytes of a line.
	 * @return {@code false} if it has to be dropped
	 */
	synchronized boolean spend(int bytes) {
		long now = this.nanoTime.getAsLong();
		this.left = Math.min(capacity(), this.left + (now - this.last) / SECOND * this.bytesPerSecond);
		this.last = now;
		if (this.left < bytes) {
			this.dropped++;
			return false;
		}
		this.left -= bytes;
		return true;
	}

	/**
	 * Return how many lines were dropped since this was asked the last time.
	 */
	synchronized long takeDropped() {
		long count = this.dropped;
		this.dropped = 0;
		return count;
	}

}
