package io.ipcboot.autoconfigure;

import io.ipcboot.ParentProcess;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Tells the parent that the worker's application has started, after everybody else knows.
 */
class WorkerReadiness implements ApplicationListener<ApplicationReadyEvent>, Ordered {

	private static final Log logger = LogFactory.getLog(WorkerReadiness.class);

	private final ParentProcess parent;

	private final boolean serving;

	WorkerReadiness(ParentProcess parent, boolean serving) {
		this.parent = parent;
		this.serving = serving;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		logger.info("This process is " + this.parent.self() + " of " + this.parent + ". It runs no "
				+ (this.serving ? "" : "web server, ")
				+ "scheduled methods, runners, migrations and message listeners unless the configuration of the "
				+ "profile 'worker' switches them on");
		this.parent.ready();
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
