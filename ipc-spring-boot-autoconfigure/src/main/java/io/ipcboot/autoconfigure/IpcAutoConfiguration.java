package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcListenerConfigurer;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.ParentProcess;
import io.ipcboot.messaging.HandlerMethodListenerFactory;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.IpcClientInterceptor;
import io.ipcboot.messaging.IpcListenerInterceptor;
import io.ipcboot.messaging.ListenerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.env.Environment;
import org.springframework.format.support.DefaultFormattingConversionService;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.validation.Validator;

/**
 * Auto-configuration for forking worker processes and talking to them.
 */
@AutoConfiguration(before = LifecycleAutoConfiguration.class,
		afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "ipc.enabled", matchIfMissing = true)
@EnableConfigurationProperties(IpcProperties.class)
@Import({ ForkConfiguration.class, ParentConfiguration.class, WorkerConfiguration.class })
public final class IpcAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IpcRole ipcRole() {
		return IpcRole.current();
	}

	@Bean
	static IpcListenerBeanPostProcessor ipcListenerBeanPostProcessor(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<ListenerMethods> methods, ObjectProvider<ListenerRegistry> registry,
			ObjectProvider<ChildProcessOperations> processes) {
		return new IpcListenerBeanPostProcessor(beanFactory, methods, registry, processes);
	}

	/** Shows errors of beans with listeners at the start, also where beans are lazy. */
	@Bean
	static LazyInitializationExcludeFilter ipcListenersAreNotLazy() {
		return (beanName, definition, type) -> IpcListenerBeanPostProcessor.hasListeners(type);
	}

	@Bean
	@ConditionalOnMissingBean
	ListenerMethods ipcListenerMethods(ObjectProvider<Validator> validator, ConfigurableListableBeanFactory beanFactory,
			Environment environment, ObjectProvider<IpcListenerConfigurer> configurers) {
		HandlerMethodListenerFactory factory = new HandlerMethodListenerFactory(
				new DefaultFormattingConversionService(), validator.getIfUnique(), beanFactory,
				List.of(ChildProcess.class, ParentProcess.class), () -> argumentResolvers(configurers));
		return new ListenerMethods(factory, environment::resolveRequiredPlaceholders,
				IpcAutoConfiguration::rolesOfClass);
	}

	private static List<HandlerMethodArgumentResolver> argumentResolvers(
			ObjectProvider<IpcListenerConfigurer> configurers) {
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
		configurers.orderedStream().forEach((configurer) -> configurer.addArgumentResolvers(resolvers));
		return resolvers;
	}

	@Bean
	@ConditionalOnMissingBean
	Interceptors ipcInterceptors(ObjectProvider<IpcClientInterceptor> client,
			ObjectProvider<IpcListenerInterceptor> listener) {
		return new Interceptors(SingletonSupplier.of(() -> client.orderedStream().toList()),
				SingletonSupplier.of(() -> listener.orderedStream().toList()));
	}

	private static Set<IpcRole> rolesOfClass(Class<?> type) {
		ConditionalOnIpcRole restriction = AnnotatedElementUtils.findMergedAnnotation(type, ConditionalOnIpcRole.class);
		return Set.of((restriction != null) ? restriction.value() : IpcRole.WORKER);
	}

}
