package io.ipcboot.pool;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.Background;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs on whichever background thread is free, and on none if there is nothing to do.
 */
final class SerialLoop implements SupervisorLoop {

	private static final Log logger = LogFactory.getLog(SerialLoop.class);

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		if (this.pending.getAndIncrement() == 0) {
			Background.EXECUTOR.execute(this::run);
		}
	}

	private void run() {
		do {
			Runnable task = this.tasks.remove();
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("Supervision failed to react to an event", ex);
			}
		}
		while (this.pending.decrementAndGet() > 0);
	}

	@Override
	public Alarm schedule(Runnable task, Duration delay) {
		Future<?> alarm = Background.schedule(() -> execute(task), delay);
		return () -> alarm.cancel(false);
	}

	@Override
	public void offload(Runnable task) {
		Background.EXECUTOR.execute(task);
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

}
