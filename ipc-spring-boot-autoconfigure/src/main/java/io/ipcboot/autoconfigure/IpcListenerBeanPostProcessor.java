package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.ListenerMethods.ListenerBean;
import io.ipcboot.messaging.Listener;
import io.ipcboot.messaging.ListenerRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/**
 * Registers the methods of beans that are annotated with {@link IpcListener}. As for
 * {@code @EventListener}, the beans are found by their types, when all singletons exist,
 * and each message looks up its bean by name: so the scope of the bean decides which
 * object gets the message. A bean whose type is only known when it is created is
 * registered then.
 */
class IpcListenerBeanPostProcessor implements BeanPostProcessor, SmartInitializingSingleton, DisposableBean {

	private static final Log logger = LogFactory.getLog(IpcListenerBeanPostProcessor.class);

	/** The objects with listeners that were created before all singletons existed. */
	private final Map<String, Object> early = new LinkedHashMap<>();

	/** The names of beans that were registered. */
	private final Set<String> names = ConcurrentHashMap.newKeySet();

	/** Objects that have no bean definition of their own, by the names they are given. */
	private final Map<String, AtomicReference<Object>> objects = new ConcurrentHashMap<>();

	private final Map<String, Listener> registered = new ConcurrentHashMap<>();

	private final Map<Class<?>, Boolean> candidates = new ConcurrentHashMap<>();

	private final ConfigurableListableBeanFactory beanFactory;

	private final ObjectProvider<ListenerMethods> methods;

	private final ObjectProvider<ListenerRegistry> registry;

	private final ObjectProvider<ChildProcessOperations> processes;

	private volatile @Nullable ListenerRegistry known;

	private boolean initialized;

	IpcListenerBeanPostProcessor(ConfigurableListableBeanFactory beanFactory, ObjectProvider<ListenerMethods> methods,
			ObjectProvider<ListenerRegistry> registry, ObjectProvider<ChildProcessOperations> processes) {
		this.beanFactory = beanFactory;
		this.methods = methods;
		this.registry = registry;
		this.processes = processes;
	}

	static boolean hasListeners(Class<?> type) {
		MethodIntrospector.MetadataLookup<Boolean> annotated = (
				method) -> AnnotatedElementUtils.hasAnnotation(method, IpcListener.class) ? true : null;
		return AnnotationUtils.isCandidateClass(type, IpcListener.class)
				&& !MethodIntrospector.selectMethods(type, annotated).isEmpty();
	}

	private boolean isCandidate(Class<?> type) {
		return this.candidates.computeIfAbsent(type, IpcListenerBeanPostProcessor::hasListeners);
	}

	@Override
	public @Nullable Object postProcessAfterInitialization(Object bean, String beanName) {
		if (isCandidate(AopProxyUtils.ultimateTargetClass(bean))) {
			String name = (bean instanceof FactoryBean<?>) ? BeanFactory.FACTORY_BEAN_PREFIX + beanName : beanName;
			synchronized (this.early) {
				if (!this.initialized) {
					this.early.put(name, bean);
					return bean;
				}
			}
			registerCreated(name, bean);
		}
		return bean;
	}

	@Override
	public void afterSingletonsInstantiated() {
		// where beans are lazy, creating these two creates others, which would be
		// registered with them
		this.methods.getObject();
		this.known = this.registry.getObject();
		Map<String, Object> created;
		synchronized (this.early) {
			this.initialized = true;
			created = new LinkedHashMap<>(this.early);
			this.early.clear();
		}
		created.forEach(this::registerCreated);
		for (String name : this.beanFactory.getBeanNamesForType(Object.class)) {
			registerByType(name);
			if (this.beanFactory.isFactoryBean(name)) {
				registerByType(BeanFactory.FACTORY_BEAN_PREFIX + name);
			}
		}
	}

	/** Register a bean that may not have been created yet. */
	private void registerByType(String name) {
		if (ScopedProxyUtils.isScopedTarget(name)) {
			return;
		}
		Class<?> type = targetType(name);
		if (type != null && ScopedObject.class.isAssignableFrom(type)) {
			type = targetType(ScopedProxyUtils.getTargetBeanName(name));
		}
		if (type != null && isCandidate(type)) {
			registerName(name, type);
		}
	}

	private @Nullable Class<?> targetType(String name) {
		try {
			return AutoProxyUtils.determineTargetClass(this.beanFactory, name);
		}
		catch (RuntimeException | LinkageError ex) {
			logger.debug("The type of the bean '" + name + "' is not known before the bean is created", ex);
			return null;
		}
	}

	private void registerCreated(String name, Object bean) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		String visible = ScopedProxyUtils.isScopedTarget(name) ? ScopedProxyUtils.getOriginalBeanName(name) : name;
		if (this.beanFactory.containsLocalBean(visible)) {
			registerName(visible, type);
			return;
		}
		// for example, an inner bean; the next object with its name replaces it
		AtomicReference<Object> latest = new AtomicReference<>(bean);
		AtomicReference<Object> former = this.objects.putIfAbsent(name, latest);
		if (former != null) {
			former.set(bean);
		}
		else {
			register(new ListenerBean(ClassUtils.getUserClass(type), bean.getClass(), latest::get));
		}
	}

	private void registerName(String name, Class<?> type) {
		if (!this.names.add(name)) {
			return;
		}
		try {
			register(new ListenerBean(ClassUtils.getUserClass(type), this.beanFactory.getType(name, false),
					() -> this.beanFactory.getBean(name)));
		}
		catch (RuntimeException ex) {
			// the next object must not be taken for one that is registered
			this.names.remove(name);
			throw ex;
		}
	}

	private void register(ListenerBean bean) {
		ListenerRegistry target = (this.known != null) ? this.known : this.registry.getObject();
		Map<String, Listener> added = this.methods.getObject().register(bean, target, IpcRole.current());
		this.registered.putAll(added);
		added.forEach(this::requirePools);
	}

	/** Check the pools of a listener that takes messages from the workers of some. */
	private void requirePools(String destination, Listener listener) {
		Set<String> unknown = new TreeSet<>(ListenerMethods.pools(listener));
		ChildProcessOperations operations = unknown.isEmpty() ? null : this.processes.getIfUnique();
		if (operations != null && IpcRole.current() == IpcRole.PARENT) {
			Set<String> pools = operations.pools();
			unknown.removeAll(pools);
			if (!unknown.isEmpty()) {
				throw new UnknownPoolException(listener.describe(), destination, unknown, pools);
			}
		}
	}

	/** The registry may be that of a parent context, which goes on. */
	@Override
	public void destroy() {
		if (this.known != null) {
			this.registered.forEach(this.known::remove);
		}
	}

}
