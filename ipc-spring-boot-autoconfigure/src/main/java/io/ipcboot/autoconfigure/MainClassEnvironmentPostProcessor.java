package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.ipcboot.IpcRole;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the main class to start in a worker, as the default of {@code ipc.main-class},
 * and how far a worker has to run its main method.
 */
class MainClassEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String MAIN_CLASS = "ipc.main-class";

	private static final List<String> LAUNCHERS = List.of("org.apache.maven.", "org.junit.", "org.gradle.",
			"com.intellij.", "org.eclipse.", "org.springframework.boot.");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Stream<@Nullable Class<?>> sources = application.getAllSources()
			.stream()
			.map((source) -> (source instanceof Class<?> type) ? type
					: (source instanceof String name && ClassUtils.isPresent(name, application.getClassLoader()))
							? ClassUtils.resolveClassName(name, application.getClassLoader()) : null);
		Stream.concat(sources, Stream.ofNullable(application.getMainApplicationClass()))
			.filter(MainClassEnvironmentPostProcessor::isMainClass)
			.findFirst()
			.ifPresent((mainClass) -> DefaultPropertiesPropertySource
				.addOrMerge(Map.of(MAIN_CLASS, mainClass.getName()), environment.getPropertySources()));
		int run = ApplicationRuns.number();
		if (run > 1 && IpcRole.current() == IpcRole.PARENT
				&& ApplicationRuns.areOf(environment.getProperty(MAIN_CLASS))) {
			DefaultPropertiesPropertySource.addOrMerge(Map.of(WorkerProperties.RUN, Integer.toString(run)),
					environment.getPropertySources());
		}
	}

	private static boolean isMainClass(@Nullable Class<?> type) {
		return type != null && LAUNCHERS.stream().noneMatch(type.getName()::startsWith)
				&& ReflectionUtils.findMethod(type, "main", String[].class) != null;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
