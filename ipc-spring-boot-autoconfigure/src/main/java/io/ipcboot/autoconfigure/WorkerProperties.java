package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Properties of the parent that its workers get over the channel.
 */
final class WorkerProperties {

	/** Prefix for values that the worker compares with its own. */
	static final String PARENT_PREFIX = "ipc.parent.";

	/** Files that two processes must not write. */
	static final List<String> FILES = List.of("logging.file.name", "logging.file.path", "spring.pid.file");

	/** Exist only in the JVM of a test, and are not for its web server. */
	private static final List<String> TEST_SOURCES = List.of("Inlined Test Properties", "Dynamic Test Properties");

	private static final List<String> NOT_FOR_WORKERS = List.of("server.", "management.server.", "spring.main.",
			"local.server.", "ipc.pools.");

	private WorkerProperties() {
	}

	static Map<String, String> of(ConfigurableEnvironment environment) {
		Map<String, String> properties = new LinkedHashMap<>();
		for (String name : TEST_SOURCES) {
			if (environment.getPropertySources().get(name) instanceof EnumerablePropertySource<?> source) {
				copy(source, properties, environment);
			}
		}
		for (String file : FILES) {
			String value = environment.getProperty(file);
			if (value != null) {
				properties.put(PARENT_PREFIX + file, value);
			}
		}
		return properties;
	}

	private static void copy(PropertySource<?> source, Map<String, String> properties,
			ConfigurableEnvironment environment) {
		boolean sharing = environment.getProperty("ipc.server.share", Boolean.class, false);
		for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
			boolean shared = sharing && name.startsWith("server.");
			if (shared || NOT_FOR_WORKERS.stream().noneMatch(name::startsWith)) {
				String value = environment.getProperty(name);
				if (value != null) {
					properties.put(name, value);
				}
			}
		}
	}

}
