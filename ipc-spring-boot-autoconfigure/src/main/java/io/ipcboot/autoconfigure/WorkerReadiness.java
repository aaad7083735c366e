package io.ipcboot.autoconfigure;

import io.ipcboot.ParentProcess;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Reports to the parent that the worker's application has started.
 */
class WorkerReadiness {

	private static final Log logger = LogFactory.getLog(WorkerReadiness.class);

	private final ParentProcess parent;

	private final Environment environment;

	private volatile boolean reported;

	WorkerReadiness(ParentProcess parent, Environment environment) {
		this.parent = parent;
		this.environment = environment;
	}

	/** Return whether the parent knows, or is about to, that this worker is ready. */
	boolean isReported() {
		return this.reported;
	}

	/**
	 * Report, and do not return: when the worker has left, its JVM ends.
	 */
	void reportAndStay() {
		String overridden = this.environment.getProperty(WorkerEnvironmentPostProcessor.OVERRIDDEN);
		logger.info("This process is " + this.parent.self() + " of " + this.parent + ". It opens no "
				+ (ServingProcess.isThis(this.environment) ? "other port than the shared one" : "port")
				+ " and runs no scheduled methods, runners, migrations and message consumers unless a setting that is "
				+ "meant for workers switches them on"
				+ (StringUtils.hasText(overridden) ? ". These general settings do not count here: " + overridden : ""));
		this.reported = true;
		this.parent.ready();
		this.parent.onDisconnect().join();
		System.exit(0);
	}

}
