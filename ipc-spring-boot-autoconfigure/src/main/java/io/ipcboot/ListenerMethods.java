package io.ipcboot;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.messaging.HandlerMethodListenerFactory;
import io.ipcboot.messaging.Listener;
import io.ipcboot.messaging.ListenerRegistry;
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
		Map<Method, IpcListener> methods = methods(object);
		if (methods.isEmpty()) {
			throw new IllegalArgumentException(
					object.getClass().getName() + " has no method that is annotated @IpcListener");
		}
		methods.forEach(
				(method, annotation) -> registry.add(destination(annotation), listener(object, method, annotation)));
	}

	/**
	 * Register the methods of an object that are for a role.
	 * @param object the object
	 * @param registry where to register them
	 * @param role the role of this process
	 * @throws io.ipcboot.messaging.DuplicateListenerException if a destination is taken
	 */
	public void register(Object object, ListenerRegistry registry, IpcRole role) {
		methods(object).forEach((method, annotation) -> {
			Listener listener = listener(object, method, annotation);
			if (roles(annotation, AopUtils.getTargetClass(object)).contains(role)) {
				registry.add(destination(annotation), restrict(listener, annotation));
			}
			else {
				registry.explainMissing(destination(annotation),
						"%s listens to it, but not in the role %s; add 'role = IpcRole.%s' to its @IpcListener."
							.formatted(listener.describe(), role, role));
			}
		});
	}

	private static Map<Method, IpcListener> methods(Object object) {
		return MethodIntrospector.selectMethods(AopUtils.getTargetClass(object),
				(Method method) -> AnnotatedElementUtils.findMergedAnnotation(method, IpcListener.class));
	}

	private Listener listener(Object object, Method method, IpcListener annotation) {
		Method invocable = AopUtils.selectInvocableMethod(method, object.getClass());
		return this.factory.listener(object, invocable, annotation.concurrency());
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

}
