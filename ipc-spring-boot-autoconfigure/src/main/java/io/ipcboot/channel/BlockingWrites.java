package io.ipcboot.channel;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Platform threads that may block in write(2): at most one for each channel, and only
 * while its peer is slower than its senders.
 */
final class BlockingWrites {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	static final Executor EXECUTOR = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS,
			new SynchronousQueue<>(), (task) -> {
				Thread thread = new Thread(task, "ipc-writer-" + NUMBER.incrementAndGet());
				thread.setDaemon(true);
				return thread;
			});

	private BlockingWrites() {
	}

}
