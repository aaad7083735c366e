package io.ipcboot.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;
import org.springframework.core.env.PropertySource;
import org.springframework.util.StringUtils;

/**
 * The configuration that is meant for workers: the properties that a pool gives to its
 * workers, the files of a profile that only workers have, such as
 * {@code application-worker.yml}, and documents that such a profile activates.
 */
final class WorkerSources {

	private static final String ON_PROFILE = "spring.config.activate.on-profile";

	private final ConfigurableEnvironment environment;

	private final List<ConfigurationPropertySource> sources;

	private WorkerSources(ConfigurableEnvironment environment, List<ConfigurationPropertySource> sources) {
		this.environment = environment;
		this.sources = sources;
	}

	/**
	 * Find the configuration for workers in a worker.
	 * @param environment the worker's environment
	 * @param pool properties of the worker's pool
	 * @param parentProfiles the profiles that are active in the parent too
	 * @return the configuration
	 */
	static WorkerSources of(ConfigurableEnvironment environment, Map<String, String> pool, Set<String> parentProfiles) {
		Set<String> profiles = new LinkedHashSet<>(List.of(environment.getActiveProfiles()));
		profiles.removeAll(parentProfiles);
		return new WorkerSources(environment,
				Stream
					.concat(Stream.of(new MapPropertySource("pool", Map.copyOf(pool))),
							environment.getPropertySources()
								.stream()
								.filter((source) -> isFileOf(profiles, source, environment)
										|| isActivatedBy(profiles, source, environment)))
					.map(ConfigurationPropertySource::from)
					.filter(Objects::nonNull)
					.toList());
	}

	private static boolean isFileOf(Set<String> profiles, PropertySource<?> source,
			ConfigurableEnvironment environment) {
		String names = environment.getProperty("spring.config.name", "application");
		return Stream.of(StringUtils.tokenizeToStringArray(names, ","))
			.flatMap((name) -> profiles.stream().map((profile) -> name + "-" + profile))
			.anyMatch((name) -> Pattern.compile("[\\[/(\\\\]" + Pattern.quote(name) + "\\.\\w+]")
				.matcher(source.getName())
				.find());
	}

	private static boolean isActivatedBy(Set<String> profiles, PropertySource<?> source,
			ConfigurableEnvironment environment) {
		ConfigurationPropertySource properties = ConfigurationPropertySource.from(source);
		if (properties == null || profiles.isEmpty()) {
			return false;
		}
		String[] expressions = new Binder(properties).bind(ON_PROFILE, String[].class).orElseGet(() -> new String[0]);
		return expressions.length > 0 && !Profiles.of(expressions)
			.matches((profile) -> !profiles.contains(profile) && environment.matchesProfiles(profile));
	}

	/**
	 * Return the value that is meant for workers.
	 * @param name the name of the property in canonical form
	 * @return the value, or {@code null}
	 */
	@Nullable String get(String name) {
		ConfigurationPropertyName propertyName = ConfigurationPropertyName.of(name);
		return this.sources.stream()
			.map((source) -> source.getConfigurationProperty(propertyName))
			.filter(Objects::nonNull)
			.map(ConfigurationProperty::getValue)
			.map((value) -> this.environment.resolvePlaceholders(value.toString()))
			.findFirst()
			.orElse(null);
	}

}
