package io.ipcboot.autoconfigure;

import java.util.stream.Stream;

import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * The methods that initialize a bean.
 */
final class InitMethods {

	private InitMethods() {
	}

	/**
	 * Keep the container from calling them. The bean exists nevertheless.
	 * @param definition the definition of the bean
	 */
	static void suppress(RootBeanDefinition definition) {
		definition.registerExternallyManagedInitMethod("afterPropertiesSet");
		Stream.ofNullable(definition.getInitMethodNames())
			.flatMap(Stream::of)
			.forEach(definition::registerExternallyManagedInitMethod);
	}

}
