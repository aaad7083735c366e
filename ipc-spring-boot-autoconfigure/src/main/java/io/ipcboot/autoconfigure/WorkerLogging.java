package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.ipcboot.process.Hello;
import io.ipcboot.process.LoggedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The settings of a worker's log. If the parent logs what the worker logs, the worker
 * does not format its events, since the parent does. A format that is meant for workers
 * counts. Logging files of the application count too, since only what Spring Boot itself
 * configures uses these settings.
 */
final class WorkerLogging {

	private static final String FORMAT = "logging.structured.format.console";

	/** Properties that say how events look. */
	private static final List<String> FORMATS = List.of(FORMAT, "logging.pattern.console");

	/**
	 * Properties that say which events reach the console. The parent decides that, as the
	 * console of a worker is the log of its parent, which may have a file too.
	 */
	private static final Map<String, String> CONSOLE = Map.of("logging.console.enabled", "true",
			"logging.threshold.console", "trace");

	private WorkerLogging() {
	}

	/** Return the settings of the parent with which a worker compares its own. */
	static Map<String, String> ofParent(ConfigurableEnvironment environment) {
		Map<String, String> properties = new LinkedHashMap<>();
		for (String name : FORMATS) {
			put(name, environment, properties);
		}
		for (String name : CONSOLE.keySet()) {
			put(name, environment, properties);
		}
		return properties;
	}

	private static void put(String name, ConfigurableEnvironment environment, Map<String, String> properties) {
		String value = value(name, environment);
		if (value != null) {
			properties.put(WorkerProperties.PARENT_PREFIX + name, value);
		}
	}

	/** Return a value as it is written: placeholders such as a process id differ. */
	private static @Nullable String value(String name, ConfigurableEnvironment environment) {
		ConfigurationPropertyName propertyName = ConfigurationPropertyName.of(name);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.from(environment.getPropertySources())) {
			ConfigurationProperty property = source.getConfigurationProperty(propertyName);
			if (property != null) {
				return String.valueOf(property.getValue());
			}
		}
		return null;
	}

	/**
	 * Return what counts in a worker.
	 * @param environment all that the application says
	 * @param received what the parent has sent
	 */
	static Map<String, String> properties(ConfigurableEnvironment environment, Map<String, String> received) {
		String marker = received.get(LoggedEvent.PROPERTY);
		boolean events = marker != null && !marker.equals(LoggedEvent.INHERITED);
		if (!events || !isLogback() || FORMATS.stream().anyMatch((name) -> isOwn(name, environment, received))) {
			return Map.of();
		}
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put(FORMAT, LogbackEventFormatter.class.getName());
		CONSOLE.forEach((name, value) -> {
			if (!isOwn(name, environment, received)) {
				properties.put(name, value);
			}
		});
		return properties;
	}

	/** Return whether a setting differs from that of the parent. */
	private static boolean isOwn(String name, ConfigurableEnvironment environment, Map<String, String> received) {
		return !Objects.equals(value(name, environment), received.get(WorkerProperties.PARENT_PREFIX + name));
	}

	private static boolean isLogback() {
		return LoggingSystem.get(WorkerLogging.class.getClassLoader())
			.getClass()
			.getName()
			.equals("org.springframework.boot.logging.logback.LogbackLoggingSystem");
	}

	/**
	 * Return what counts in a worker if the application says nothing: structured events
	 * that reach the console of the parent tell which worker has logged them.
	 */
	static Map<String, Object> defaults(Hello hello) {
		if (!LoggedEvent.INHERITED.equals(hello.properties().get(LoggedEvent.PROPERTY)) || hello.pool() == null) {
			return Map.of();
		}
		String slot = (hello.slot() >= 0) ? Integer.toString(hello.slot()) : "spare";
		return Map.of("logging.structured.json.add.ipc.pool", hello.pool(), "logging.structured.json.add.ipc.slot",
				slot, "logging.structured.ecs.service.node-name", hello.pool() + "/" + slot);
	}

}
