package io.ipcboot;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.messaging.HandlerMethodListenerFactory;
import io.ipcboot.messaging.Listener;
import io.ipcboot.messaging.ListenerRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.format.support.DefaultFormattingConversionService;

/**
 * Finds the methods of an object that are annotated {@link IpcListener}.
 */
public final class ListenerMethods {

	private final HandlerMethodListenerFactory factory;

	private final UnaryOperator<String> placeholders;

	private final Function<Class<?>, Set<IpcRole>> rolesOfClass;

	/**
	 * Create a finder.
	 * @param factory creates listeners that call methods
	 * @param placeholders resolves placeholders in destinations
	 * @param rolesOfClass returns the roles in which the methods of a class listen if
	 * they have no roles of their own
	 */
	public ListenerMethods(HandlerMethodListenerFactory factory, UnaryOperator<String> placeholders,
			Function<Class<?>, Set<IpcRole>> rolesOfClass) {
		this.factory = factory;
		this.placeholders = placeholders;
		this.rolesOfClass = rolesOfClass;
	}

	/**
	 * Create a finder for programs that are not Spring applications.
	 * @return a finder without validation and placeholders
	 */
	public static ListenerMethods standalone() {
		HandlerMethodListenerFactory factory = new HandlerMethodListenerFactory(
				new DefaultFormattingConversionService(), null, null, List.of(ChildProcess.class, ParentProcess.class));
		return new ListenerMethods(factory, UnaryOperator.identity(), (type) -> Set.of(IpcRole.WORKER));
	}

	/**
	 * Register all methods of an object, whatever roles and pools they are for.
	 * @param object the object
	 * @param registry where to register them
	 * @throws io.ipcboot.messaging.DuplicateListenerException if a destination is taken
	 * @throws IllegalArgumentException if the object has no such method
	 */
	public void register(Object object, ListenerRegistry registry) {
		Map<Method, IpcListener> methods = methods(AopUtils.getTargetClass(object));
		if (methods.isEmpty()) {
			throw new IllegalArgumentException(
					object.getClass().getName() + " has no method that is annotated @IpcListener");
		}
		methods.forEach((method, annotation) -> registry.add(destination(annotation),
				this.factory.listener(object, method, annotation.concurrency())));
	}

	/**
	 * Register the methods of a bean that are for a role. The bean is looked up for each
	 * message.
	 * @param bean the bean
	 * @param registry where to register them
	 * @param role the role of this process
	 * @return the registered listeners by destination
	 * @throws io.ipcboot.messaging.DuplicateListenerException if a destination is taken
	 */
	public Map<String, Listener> register(ListenerBean bean, ListenerRegistry registry, IpcRole role) {
		Map<String, Listener> registered = new LinkedHashMap<>();
		methods(bean.type()).forEach((method, annotation) -> {
			Listener listener = this.factory.listener(bean.type(), bean.proxyType(), bean.instance(), method,
					annotation.concurrency());
			String destination = destination(annotation);
			if (roles(annotation, bean.type()).contains(role)) {
				Listener restricted = restrict(listener, annotation);
				registry.add(destination, restricted);
				registered.put(destination, restricted);
			}
			else {
				registry.explainMissing(destination,
						"%s listens to it, but not in the role %s; add 'role = IpcRole.%s' to its @IpcListener."
							.formatted(listener.describe(), role, role));
			}
		});
		return registered;
	}

	/**
	 * Return the pools to which a registered listener is restricted.
	 * @param listener a listener that {@link #register} has returned
	 * @return names of pools, none for no restriction
	 */
	public static Set<String> pools(Listener listener) {
		return (listener instanceof PoolFilteredListener filtered) ? filtered.pools() : Set.of();
	}

	private static Map<Method, IpcListener> methods(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(Method method) -> AnnotatedElementUtils.findMergedAnnotation(method, IpcListener.class));
	}

	private Listener restrict(Listener listener, IpcListener annotation) {
		Set<String> pools = Stream.of(annotation.from()).map(this.placeholders).collect(Collectors.toSet());
		return pools.isEmpty() ? listener : new PoolFilteredListener(listener, pools);
	}

	private String destination(IpcListener annotation) {
		return this.placeholders.apply(annotation.destination());
	}

	private Set<IpcRole> roles(IpcListener annotation, Class<?> type) {
		return (annotation.role().length > 0) ? Set.of(annotation.role()) : this.rolesOfClass.apply(type);
	}

	/**
	 * A bean whose methods may be listeners.
	 *
	 * @param type the class of the bean, or of what a proxy stands for
	 * @param proxyType the class of the bean as far as it is known; may be that of a
	 * proxy
	 * @param instance returns the bean
	 */
	public record ListenerBean(Class<?> type, @Nullable Class<?> proxyType, Supplier<?> instance) {

	}

}
