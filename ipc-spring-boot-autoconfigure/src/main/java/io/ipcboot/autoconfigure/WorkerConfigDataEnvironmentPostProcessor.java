package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Adds the properties that a worker's parent has sent, before the application's property
 * files are read: some properties say which files and profiles these are.
 */
class WorkerConfigDataEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	/** The property source, which {@link WorkerEnvironmentPostProcessor} completes. */
	static final String SOURCE = "ipcWorker";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (IpcRole.current() == IpcRole.WORKER) {
			try {
				environment.getPropertySources()
					.addFirst(new MapPropertySource(SOURCE,
							new LinkedHashMap<>(ParentProcess.connect().hello().properties())));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER - 1;
	}

}
