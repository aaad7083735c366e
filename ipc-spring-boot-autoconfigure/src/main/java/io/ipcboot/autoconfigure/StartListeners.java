package io.ipcboot.autoconfigure;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.MethodMetadata;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The application's own listeners for events of the start. They run in workers too,
 * unless they are restricted to a role.
 */
class StartListeners {

	private static final Set<Class<?>> EVENTS = Set.of(ApplicationReadyEvent.class, ApplicationStartedEvent.class,
			ContextRefreshedEvent.class);

	private final ConfigurableListableBeanFactory beanFactory;

	StartListeners(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	List<String> names() {
		if (!AutoConfigurationPackages.has(this.beanFactory)) {
			return List.of();
		}
		List<String> packages = AutoConfigurationPackages.get(this.beanFactory);
		List<String> names = new ArrayList<>();
		for (String name : this.beanFactory.getBeanDefinitionNames()) {
			Class<?> type = this.beanFactory.getType(name, false);
			if (type != null && !isRestricted(name, type)) {
				MethodMetadata method = factoryMethod(name);
				Class<?> userClass = ClassUtils.getUserClass(type);
				if (isIn(packages, userClass.getName())
						|| (method != null && isIn(packages, method.getDeclaringClassName()))) {
					listeners(name, userClass).forEach(names::add);
				}
			}
		}
		return names;
	}

	private static boolean isIn(List<String> packages, String className) {
		return packages.stream().anyMatch((name) -> className.startsWith(name + "."));
	}

	private boolean isRestricted(String name, Class<?> type) {
		MethodMetadata method = factoryMethod(name);
		return AnnotatedElementUtils.hasAnnotation(type, ConditionalOnIpcRole.class)
				|| (method != null && method.isAnnotated(ConditionalOnIpcRole.class.getName()));
	}

	private @Nullable MethodMetadata factoryMethod(String name) {
		BeanDefinition definition = this.beanFactory.getBeanDefinition(name);
		return (definition instanceof AnnotatedBeanDefinition annotated) ? annotated.getFactoryMethodMetadata() : null;
	}

	private Stream<String> listeners(String name, Class<?> type) {
		ResolvableType declared = this.beanFactory.getMergedBeanDefinition(name).getResolvableType();
		Class<?> event = (ApplicationListener.class.isAssignableFrom(declared.toClass()) ? declared
				: ResolvableType.forClass(type))
			.as(ApplicationListener.class)
			.getGeneric()
			.resolve();
		Stream<String> methods = Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
			.filter(StartListeners::isListener)
			.map((method) -> type.getSimpleName() + "." + method.getName());
		return Stream.concat((event != null && EVENTS.contains(event)) ? Stream.of(name) : Stream.empty(), methods);
	}

	private static boolean isListener(Method method) {
		EventListener listener = AnnotatedElementUtils.findMergedAnnotation(method, EventListener.class);
		return listener != null && !AnnotatedElementUtils.hasAnnotation(method, ConditionalOnIpcRole.class)
				&& Stream.concat(Stream.of(listener.classes()), Stream.of(method.getParameterTypes()))
					.anyMatch(EVENTS::contains);
	}

}
