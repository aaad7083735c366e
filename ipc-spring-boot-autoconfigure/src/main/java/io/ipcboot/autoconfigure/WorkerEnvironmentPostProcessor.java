package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.autoconfigure.WorkerSettings.Decision;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Adds a worker's settings to the properties that its parent has sent, and gives all of
 * them the highest precedence. Runs after the application's property files were read and
 * before any property is used.
 */
class WorkerEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	/** General settings, which the parent has too, that do not count in this worker. */
	static final String OVERRIDDEN = WorkerProperties.PARENT_PREFIX + "overridden";

	/** Whether the pool of this worker belongs to another run of the main method. */
	static final String ELSEWHERE = WorkerProperties.PARENT_PREFIX + "elsewhere";

	/** Return whether an application belongs to another run than the worker's pool. */
	static boolean isElsewhere(Environment environment) {
		return environment.getProperty(ELSEWHERE, Boolean.class, false);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (IpcRole.current() == IpcRole.WORKER) {
			try {
				configure(environment, ParentProcess.connect());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void configure(ConfigurableEnvironment environment, ParentProcess parent) {
		Map<String, String> received = parent.hello().properties();
		Map<String, Object> properties = new LinkedHashMap<>(received);
		String run = received.get(WorkerProperties.RUN);
		properties.put(ELSEWHERE, run != null && Integer.parseInt(run) != ApplicationRuns.number());
		environment.getPropertySources()
			.addFirst(new MapPropertySource(WorkerConfigDataEnvironmentPostProcessor.SOURCE, properties));
		boolean serving = ServingProcess.isThis(environment);
		WorkerSources workers = WorkerSources.of(environment, received,
				StringUtils.commaDelimitedListToSet(received.get(WorkerProperties.PARENT_PROFILES)));
		Decision decision = WorkerSettings.decide(environment, workers, serving);
		Map<String, String> identity = WorkerSettings.identity(parent.self(), environment, workers);
		String pidFile = System.getProperty("java.io.tmpdir") + "/ipc-worker-" + ProcessHandle.current().pid() + ".pid";
		Map<String, Object> defaults = new LinkedHashMap<>(Map.of("spring.pid.file", pidFile));
		defaults.putAll(WorkerLogging.defaults(parent.hello()));
		if (serving) {
			defaults.putAll(ServingProcess.workerDefaults(environment));
			properties.putAll(ServingProcess.workerProperties(environment));
		}
		DefaultPropertiesPropertySource.addOrMerge(defaults, environment.getPropertySources());
		for (String file : WorkerProperties.FILES) {
			String used = environment.getProperty(file);
			if (used != null && used.equals(received.get(WorkerProperties.PARENT_PREFIX + file))) {
				properties.put(file, file.startsWith("logging.") ? "" : pidFile);
			}
		}
		properties.putAll(WorkerLogging.properties(environment, received));
		properties.putAll(decision.values());
		properties.putAll(identity);
		properties.put(OVERRIDDEN, String.join(", ", decision.overridden()));
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
