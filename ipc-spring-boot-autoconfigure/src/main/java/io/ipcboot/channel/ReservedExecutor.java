package io.ipcboot.channel;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * An executor that does not refuse a task when no thread can be started, which happens
 * when a limit of the operating system is reached and would otherwise lose the task. A
 * thread that was started in time takes over the tasks that could not be started, and
 * runs them itself if no other thread can.
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
		// the reserved thread may be held up by one of the refused tasks
		Runnable other = this.refused.poll();
		if (other != null && !isStarted(other)) {
			this.refused.add(other);
		}
	}

	/**
	 * Start a task on a new thread if possible. The JDK throws the same error whether the
	 * heap or the threads are used up.
	 */
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
				// this thread never ends
			}
			catch (RuntimeException | Error ex) {
				logger.error("A background task failed", ex);
			}
		}
	}

}
