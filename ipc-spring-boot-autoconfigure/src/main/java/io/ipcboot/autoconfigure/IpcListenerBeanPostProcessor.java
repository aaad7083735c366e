package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.messaging.ListenerRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Registers the bean methods that are annotated with {@link IpcListener}.
 */
class IpcListenerBeanPostProcessor implements BeanPostProcessor, SmartInitializingSingleton {

	private final List<Object> early = new ArrayList<>();

	private final ObjectProvider<ListenerMethods> methods;

	private final ObjectProvider<ListenerRegistry> registry;

	private boolean initialized;

	IpcListenerBeanPostProcessor(ObjectProvider<ListenerMethods> methods, ObjectProvider<ListenerRegistry> registry) {
		this.methods = methods;
		this.registry = registry;
	}

	static boolean hasListeners(Class<?> type) {
		MethodIntrospector.MetadataLookup<Boolean> annotated = (
				method) -> AnnotatedElementUtils.hasAnnotation(method, IpcListener.class) ? true : null;
		return AnnotationUtils.isCandidateClass(type, IpcListener.class)
				&& !MethodIntrospector.selectMethods(type, annotated).isEmpty();
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		if (AnnotationUtils.isCandidateClass(AopProxyUtils.ultimateTargetClass(bean), IpcListener.class)) {
			synchronized (this.early) {
				if (!this.initialized) {
					this.early.add(bean);
					return bean;
				}
			}
			register(bean);
		}
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		// where beans are lazy, creating these two creates others, which would be
		// registered with them
		this.methods.getObject();
		this.registry.getObject();
		List<Object> beans;
		synchronized (this.early) {
			this.initialized = true;
			beans = List.copyOf(this.early);
			this.early.clear();
		}
		beans.forEach(this::register);
	}

	private void register(Object bean) {
		this.methods.getObject().register(bean, this.registry.getObject(), IpcRole.current());
	}

}
