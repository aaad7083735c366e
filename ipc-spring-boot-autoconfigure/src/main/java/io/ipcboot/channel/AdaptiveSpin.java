package io.ipcboot.channel;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.ipcboot.handle.HandleSocket;

/**
 * Spins for a moment before a reading thread sleeps, as long as recent waits were that
 * short: waking a thread up takes longer than spinning. The spin does not yield, since on
 * a busy machine the thread would lose its processor for much more than a moment. Used by
 * one thread at a time.
 */
final class AdaptiveSpin {

	private static final long LIMIT = TimeUnit.MICROSECONDS.toNanos(50);

	/**
	 * The shortest wait that counts; after a shorter one the bytes were already there.
	 */
	private static final long INSTANT = TimeUnit.MICROSECONDS.toNanos(3);

	private static final int MAX_NEEDED = 256;

	private final boolean enabled = Runtime.getRuntime().availableProcessors() > 1;

	/** How many short waits in a row make it worthwhile to spin. */
	private int needed = 1;

	private int shortWaits;

	private long begin;

	/**
	 * Spin, since the thread is about to wait.
	 * @return {@code true} if there is something to read
	 */
	boolean begin(HandleSocket socket) throws IOException {
		if (!this.enabled) {
			return false;
		}
		this.begin = System.nanoTime();
		return this.shortWaits >= this.needed && spin(socket);
	}

	private boolean spin(HandleSocket socket) throws IOException {
		boolean found;
		boolean late;
		do {
			Thread.onSpinWait();
			found = socket.available() > 0;
			late = System.nanoTime() - this.begin > LIMIT;
		}
		while (!found && !late);
		if (late) {
			this.shortWaits = 0;
			this.needed = Math.min(2 * this.needed, MAX_NEEDED);
		}
		else {
			this.needed = 1;
		}
		return found;
	}

	/** Note that the thread has waited. */
	void end() {
		if (this.enabled) {
			long wait = System.nanoTime() - this.begin;
			if (wait > LIMIT) {
				this.shortWaits = 0;
			}
			else if (wait > INSTANT) {
				this.shortWaits++;
			}
		}
	}

}
