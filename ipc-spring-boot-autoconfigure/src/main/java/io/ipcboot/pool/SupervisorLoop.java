package io.ipcboot.pool;

import java.time.Duration;

/**
 * Where supervision happens: one task after the other, now or later. In a test, in a time
 * of the test's own.
 */
interface SupervisorLoop {

	/**
	 * Run a task, after those that were given before.
	 */
	void execute(Runnable task);

	/**
	 * Run a task later.
	 */
	Alarm schedule(Runnable task, Duration delay);

	/**
	 * Run a task that may block, elsewhere.
	 */
	void offload(Runnable task);

	/**
	 * Return the time, which only ever goes forward.
	 */
	long nanoTime();

	/**
	 * A planned task.
	 */
	interface Alarm {

		void cancel();

	}

}
