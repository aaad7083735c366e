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

	private volatile boolean running;

	WorkerLifecycle(ParentProcess parent) {
		this.parent = parent;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.parent.leave(null);
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
