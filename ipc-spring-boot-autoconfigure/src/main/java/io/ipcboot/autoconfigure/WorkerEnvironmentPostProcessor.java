package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives a worker its defaults and what its parent has sent. Runs after the application's
 * property files were read, and before anything looks at them.
 */
class WorkerEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (IpcRole.current() == IpcRole.WORKER) {
			try {
				configure(environment, ParentProcess.connect().hello().properties());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void configure(ConfigurableEnvironment environment, Map<String, String> received) {
		Map<String, Object> properties = new LinkedHashMap<>(received);
		environment.getPropertySources().addFirst(new MapPropertySource("ipcWorker", properties));
		Map<String, Object> defaults = WorkerDefaults.properties(ProcessHandle.current().pid());
		if (ServingProcess.isThis(environment)) {
			defaults.remove("spring.main.web-application-type");
			defaults.putAll(ServingProcess.workerDefaults(environment));
			properties.putAll(ServingProcess.workerProperties(environment));
		}
		DefaultPropertiesPropertySource.addOrMerge(defaults, environment.getPropertySources());
		for (String file : WorkerProperties.FILES) {
			String used = environment.getProperty(file);
			if (used != null && used.equals(received.get(WorkerProperties.PARENT_PREFIX + file))) {
				properties.put(file, file.startsWith("logging.") ? "" : defaults.get(file));
			}
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
