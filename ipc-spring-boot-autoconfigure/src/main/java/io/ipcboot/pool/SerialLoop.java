package io.ipcboot.pool;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.Recipients;

/**
 * A loop that runs on any free background thread, and occupies none while there is
 * nothing to do.
 */
final class SerialLoop implements SupervisorLoop {

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
				Recipients.log("The supervisor failed to handle an event", ex);
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
