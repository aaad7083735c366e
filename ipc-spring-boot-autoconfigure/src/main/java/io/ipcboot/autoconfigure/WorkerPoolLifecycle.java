package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import io.ipcboot.ChildProcessTemplate;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the pools before a web server accepts requests, and stops all forked processes
 * after it has finished the last request.
 */
class WorkerPoolLifecycle implements SmartLifecycle {

	/** Below the web server's {@code Integer.MAX_VALUE - 2048}, above task executors. */
	static final int PHASE = Integer.MAX_VALUE - 3072;

	private final ChildProcessTemplate template;

	private final Duration shutdownTimeout;

	private final boolean keepAlive;

	private volatile boolean running;

	private volatile boolean deferred;

	private CountDownLatch stopped = new CountDownLatch(1);

	WorkerPoolLifecycle(ChildProcessTemplate template, Duration shutdownTimeout, boolean keepAlive) {
		this.template = template;
		this.shutdownTimeout = shutdownTimeout;
		this.keepAlive = keepAlive;
	}

	/** The context that is started last, a child of this one, starts the pools. */
	@Override
	public void start() {
		this.deferred = ApplicationRuns.isForChild();
		if (!this.deferred) {
			startPools();
		}
	}

	/** Return whether the pools wait for a child context. */
	boolean isDeferred() {
		return this.deferred;
	}

	void startDeferred() {
		if (this.deferred) {
			this.deferred = false;
			startPools();
		}
	}

	private void startPools() {
		this.running = true;
		this.template.startPools();
		if (this.keepAlive && this.template.hasPools()) {
			this.stopped = new CountDownLatch(1);
			CountDownLatch end = this.stopped;
			new Thread(() -> awaitUninterruptibly(end), "ipc-keep-alive").start();
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean done = false;
		while (!done) {
			try {
				latch.await();
				done = true;
			}
			catch (InterruptedException ex) {
				// only the end of the pools ends this thread
			}
		}
	}

	@Override
	public void stop(Runnable callback) {
		this.template.stop(this.shutdownTimeout).whenComplete((nothing, ex) -> {
			this.running = false;
			this.stopped.countDown();
			callback.run();
		});
	}

	@Override
	public void stop() {
		this.template.stop(this.shutdownTimeout).join();
		this.running = false;
		this.stopped.countDown();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Returns {@code true}: a context of tests that waits in the cache keeps no workers.
	 * They start again when the context is used again, which takes seconds, but the
	 * number of JVMs stays that of one context.
	 */
	@Override
	public boolean isPauseable() {
		return true;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
