package io.ipcboot.channel;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Never refuses a task because no thread can be started, which happens when a limit of
 * the operating system is reached, and would otherwise lose the task. One thread that was
 * started in time takes over what could not be started, and runs it if nobody else can.
 */
final class ReservedExecutor implements Executor {

	private static final Log logger = LogFactory.getLog(ReservedExecutor.class);

	private final BlockingQueue<Runnable> refused = new LinkedBlockingQueue<>();

	private final Executor delegate;

	ReservedExecutor(Executor delegate, ThreadFactory threads) {
		this.delegate = delegate;
		threads.newThread(this::runRefused).start();
	}

	@Override
	public void execute(Runnable task) {
		if (!isStarted(task)) {
			this.refused.add(task);
			return;
		}
		// the reserve may be held up by one of them
		Runnable other = this.refused.poll();
		if (other != null && !isStarted(other)) {
			this.refused.add(other);
		}
	}

	/** The JDK says so with an error, whether the heap or the threads are used up. */
	private boolean isStarted(Runnable task) {
		try {
			this.delegate.execute(task);
			return true;
		}
		catch (OutOfMemoryError ex) {
			return false;
		}
	}

	private void runRefused() {
		while (true) {
			try {
				Runnable task = this.refused.take();
				if (!isStarted(task)) {
					task.run();
				}
			}
			catch (InterruptedException ex) {
				// nobody ends this thread
			}
			catch (RuntimeException | Error ex) {
				logger.error("A task failed that runs in the background", ex);
			}
		}
	}

}
