package io.ipcboot.autoconfigure;

import io.ipcboot.ParentProcess;
import org.springframework.context.SmartLifecycle;

/**
 * Lets a worker take leave of its parent when the application shuts down, before any bean
 * that listeners may use is stopped.
 */
class WorkerLifecycle implements SmartLifecycle {

	static final int PHASE = Integer.MAX_VALUE - 100;

	private final ParentProcess parent;

	private final WorkerReadiness readiness;

	private volatile boolean running;

	WorkerLifecycle(ParentProcess parent, WorkerReadiness readiness) {
		this.parent = parent;
		this.readiness = readiness;
	}

	@Override
	public void start() {
		this.running = true;
	}

	/** The start of an application that stops before it is ready has failed. */
	@Override
	public void stop() {
		if (this.readiness.isReported()) {
			this.parent.leave(null);
		}
		else {
			// why, is known to those who report it after this
			FailedStart.endJvm();
		}
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isPauseable() {
		return false;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
