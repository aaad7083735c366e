package io.ipcboot.autoconfigure;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Knows types by their names, as the libraries that have them need not be there.
 */
final class Types {

	private Types() {
	}

	/**
	 * Return the names of the beans of some types, without creating a bean.
	 * @param names names of classes and interfaces
	 * @param beanFactory the beans
	 */
	static List<String> beansOf(Collection<String> names, ListableBeanFactory beanFactory) {
		return Stream.of(beanFactory.getBeanDefinitionNames())
			.filter((bean) -> isOneOf(names, beanFactory.getType(bean, false)))
			.toList();
	}

	/**
	 * Return whether a type, or one of its supertypes, has one of these names.
	 * @param names names of classes and interfaces
	 * @param type the type
	 */
	static boolean isOneOf(Collection<String> names, @Nullable Class<?> type) {
		return type != null && (names.contains(type.getName()) || isOneOf(names, type.getSuperclass())
				|| Arrays.stream(type.getInterfaces()).anyMatch((parent) -> isOneOf(names, parent)));
	}

}
