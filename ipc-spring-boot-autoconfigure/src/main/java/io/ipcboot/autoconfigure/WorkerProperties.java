package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Selects the properties of the parent that its workers get over the channel.
 */
final class WorkerProperties {

	/** Prefix for values that the worker compares with its own. */
	static final String PARENT_PREFIX = "ipc.parent.";

	/** The profiles that are active in the parent, as the worker has more. */
	static final String PARENT_PROFILES = PARENT_PREFIX + "profiles";

	/** The run of the main method whose context has the pools, unless the first one. */
	static final String RUN = PARENT_PREFIX + "run";

	/** Properties that name a file only one process may write. */
	static final List<String> FILES = List.of("logging.file.name", "logging.file.path", "spring.pid.file");

	/** Property sources that exist only in the JVM of a test. */
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
		properties.put(PARENT_PROFILES, String.join(",", profiles(environment)));
		String run = environment.getProperty(RUN);
		if (run != null) {
			properties.put(RUN, run);
		}
		for (String file : FILES) {
			String value = environment.getProperty(file);
			if (value != null) {
				properties.put(PARENT_PREFIX + file, value);
			}
		}
		properties.putAll(WorkerLogging.ofParent(environment));
		return properties;
	}

	/**
	 * Return the profiles of an application, which are the default ones if no other is
	 * active.
	 * @param environment the application's environment
	 * @return the profiles
	 */
	static List<String> profiles(Environment environment) {
		String[] active = environment.getActiveProfiles();
		return List.of((active.length > 0) ? active : environment.getDefaultProfiles());
	}

	private static void copy(PropertySource<?> source, Map<String, String> properties,
			ConfigurableEnvironment environment) {
		boolean sharing = environment.getProperty("ipc.server.share", Boolean.class, false);
		for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
			boolean shared = sharing && name.startsWith("server.");
			boolean forWorkers = NOT_FOR_WORKERS.stream().noneMatch(name::startsWith)
					&& !WorkerSettings.isOfParentAlone(name);
			if (shared || forWorkers) {
				String value = environment.getProperty(name);
				if (value != null) {
					properties.put(name, value);
				}
			}
		}
	}

}
