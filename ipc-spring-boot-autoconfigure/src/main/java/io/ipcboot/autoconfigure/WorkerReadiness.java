package io.ipcboot.autoconfigure;

import io.ipcboot.ParentProcess;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Tells the parent that the worker's application has started, after everybody else knows.
 */
class WorkerReadiness implements ApplicationListener<ApplicationReadyEvent>, Ordered {

	private final ParentProcess parent;

	WorkerReadiness(ParentProcess parent) {
		this.parent = parent;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		this.parent.ready();
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
