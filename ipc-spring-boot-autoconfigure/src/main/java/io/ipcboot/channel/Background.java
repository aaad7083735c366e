package io.ipcboot.channel;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for work that must not run on the thread that triggers it: writes that may
 * block, the end of a process, the end of a deadline. All of them are daemon threads, and
 * all but two end when they are idle.
 */
public final class Background {

	/**
	 * Runs each task on a platform thread of its own, so a task may block. A task is run
	 * even if the operating system has no thread left, though not at once.
	 */
	public static final Executor EXECUTOR = new ReservedExecutor(
			Executors.newCachedThreadPool(daemons("ipc-background-")), daemons("ipc-reserve-"));

	private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1, daemons("ipc-timer-"));

	static {
		TIMER.setRemoveOnCancelPolicy(true);
		// the system may have no thread left when the timer is first needed
		TIMER.prestartCoreThread();
	}

	private Background() {
	}

	/**
	 * Run a task later, on a thread of the {@link #EXECUTOR}.
	 * @param task the task
	 * @param delay when to run it, from now
	 * @return cancels the task
	 */
	public static Future<?> schedule(Runnable task, Duration delay) {
		return TIMER.schedule(() -> EXECUTOR.execute(task), TimeUnit.NANOSECONDS.convert(delay), TimeUnit.NANOSECONDS);
	}

	private static ThreadFactory daemons(String prefix) {
		AtomicInteger number = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

}
