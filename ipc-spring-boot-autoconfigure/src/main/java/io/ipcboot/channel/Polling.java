package io.ipcboot.channel;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits for conditions that wake no thread when they come true.
 */
public final class Polling {

	private Polling() {
	}

	/**
	 * Check a condition again and again until it is true or the time is over. An
	 * interrupt does not shorten the wait, and is restored.
	 * @param condition the condition
	 * @param interval the pause between two checks
	 * @param limit how long to wait at most
	 * @return whether the condition is true
	 */
	public static boolean await(BooleanSupplier condition, Duration interval, Duration limit) {
		long start = System.nanoTime();
		boolean interrupted = false;
		boolean fulfilled = condition.getAsBoolean();
		while (!fulfilled && System.nanoTime() - start < TimeUnit.NANOSECONDS.convert(limit)) {
			LockSupport.parkNanos(TimeUnit.NANOSECONDS.convert(interval));
			// an interrupted thread would not park
			interrupted |= Thread.interrupted();
			fulfilled = condition.getAsBoolean();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
		return fulfilled;
	}

}
