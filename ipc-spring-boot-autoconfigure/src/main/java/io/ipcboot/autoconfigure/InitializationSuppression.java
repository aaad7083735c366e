package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Keeps the container from calling the methods that initialize beans of some types. The
 * beans exist nevertheless, as others may need them.
 */
class InitializationSuppression implements MergedBeanDefinitionPostProcessor {

	private final List<String> types;

	/**
	 * @param types names of classes and interfaces
	 */
	InitializationSuppression(List<String> types) {
		this.types = types;
	}

	/**
	 * Suppress what database servers do that are beans of the application: they would
	 * open their ports in every worker. They have no lifecycle that the container knows,
	 * only a method that starts them.
	 */
	static InitializationSuppression ofDatabaseServers() {
		return new InitializationSuppression(List.of("org.h2.tools.Server", "org.hsqldb.server.Server"));
	}

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String name) {
		if (Types.isOneOf(this.types, type)) {
			definition.registerExternallyManagedInitMethod("afterPropertiesSet");
			Stream.ofNullable(definition.getInitMethodNames())
				.flatMap(Stream::of)
				.forEach(definition::registerExternallyManagedInitMethod);
		}
	}

}
