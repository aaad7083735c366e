package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.core.env.Environment;

/**
 * What is different in a worker. All of it has the lowest precedence, so any property
 * file of the application wins, for example {@code application-worker.yml}.
 */
final class WorkerDefaults {

	static final Switch RUNNERS = new Switch("ipc.worker.runners");

	static final Switch SCHEDULING = new Switch("ipc.worker.scheduling");

	private WorkerDefaults() {
	}

	/**
	 * Return the properties that differ.
	 * @param pid the worker's process id
	 * @return properties and their values in a worker
	 */
	static Map<String, Object> properties(long pid) {
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put("spring.main.web-application-type", "none");
		properties.put("spring.main.keep-alive", "true");
		properties.put("spring.main.banner-mode", "off");
		properties.put("spring.main.log-startup-info", "false");
		properties.put("spring.jmx.enabled", "false");
		properties.put("spring.application.admin.enabled", "false");
		properties.put("spring.devtools.restart.enabled", "false");
		properties.put("spring.devtools.livereload.enabled", "false");
		properties.put("spring.docker.compose.enabled", "false");
		properties.put("spring.flyway.enabled", "false");
		properties.put("spring.liquibase.enabled", "false");
		properties.put("spring.sql.init.mode", "never");
		properties.put("spring.jpa.hibernate.ddl-auto", "none");
		properties.put("spring.batch.job.enabled", "false");
		properties.put("spring.quartz.auto-startup", "false");
		properties.put("spring.kafka.listener.auto-startup", "false");
		properties.put("spring.rabbitmq.listener.simple.auto-startup", "false");
		properties.put("spring.rabbitmq.listener.direct.auto-startup", "false");
		properties.put("spring.jms.listener.auto-startup", "false");
		properties.put("spring.pid.file", System.getProperty("java.io.tmpdir") + "/ipc-worker-" + pid + ".pid");
		return properties;
	}

	/**
	 * Something that is off in workers unless a property keeps it.
	 *
	 * @param property the property
	 */
	record Switch(String property) {

		boolean isKept(Environment environment) {
			return environment.getProperty(this.property, Boolean.class, false);
		}

	}

}
