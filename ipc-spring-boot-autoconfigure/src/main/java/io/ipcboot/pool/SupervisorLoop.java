package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.channel.PauseAwareTimer;

/**
 * Runs the tasks of a supervisor one after the other, now or later. Tests use a loop with
 * its own clock.
 */
interface SupervisorLoop {

	/**
	 * Run a task after all tasks that were submitted before it.
	 */
	void execute(Runnable task);

	/**
	 * Run a task later.
	 */
	Alarm schedule(Runnable task, Duration delay);

	/**
	 * Return a timer that runs its actions on this loop.
	 */
	default PauseAwareTimer newTimer() {
		return new PauseAwareTimer((task, delay) -> schedule(task, delay)::cancel, this::nanoTime);
	}

	/**
	 * Run a task that may block, on another thread.
	 */
	void offload(Runnable task);

	/**
	 * Return the monotonic time.
	 */
	long nanoTime();

	/**
	 * A planned task.
	 */
	interface Alarm {

		void cancel();

	}

}
