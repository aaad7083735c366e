package io.ipcboot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the pools of a parent context with the last context of the run: before its web
 * server, and when all listeners are there. The pools still belong to the parent context.
 */
class DeferredPoolStart implements SpringApplicationRunListener, SmartLifecycle {

	static final String BEAN_NAME = "ipcDeferredPoolStart";

	private @Nullable WorkerPoolLifecycle pools;

	private volatile boolean running;

	@Override
	public void contextLoaded(ConfigurableApplicationContext context) {
		ApplicationContext parent = context.getParent();
		if (parent != null && !ApplicationRuns.isForChild()) {
			WorkerPoolLifecycle found = parent.getBeanProvider(WorkerPoolLifecycle.class).getIfAvailable();
			if (found != null && found.isDeferred()) {
				this.pools = found;
				context.getBeanFactory().registerSingleton(BEAN_NAME, this);
			}
		}
	}

	@Override
	public void start() {
		if (this.pools != null) {
			this.pools.startDeferred();
		}
		this.running = true;
	}

	/** Otherwise the pools would keep the JVM of an application that has not started. */
	@Override
	public void failed(@Nullable ConfigurableApplicationContext context, Throwable exception) {
		if (this.pools != null && this.pools.isRunning()) {
			this.pools.stop();
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WorkerPoolLifecycle.PHASE;
	}

}
