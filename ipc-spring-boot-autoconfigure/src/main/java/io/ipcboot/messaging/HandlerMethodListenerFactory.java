package io.ipcboot.messaging;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.ipcboot.channel.Content;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.validation.Validator;

/**
 * Creates listeners that call methods. Arguments are resolved as everywhere in
 * spring-messaging; a parameter whose type is a socket, channel or stream gets the
 * handle, and a parameter of a sender's type gets the sender. If a listener fails, an
 * exception handler of the same object may answer instead.
 */
public final class HandlerMethodListenerFactory {

	private static final String EXCEPTION_HANDLER = "an exception handler";

	/** Of listeners. */
	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	/** Of exception handlers, which get no handle: the listener may have adopted it. */
	private final HandlerMethodArgumentResolverComposite handlerResolvers = new HandlerMethodArgumentResolverComposite();

	private final Map<Class<?>, ExceptionHandlers> exceptionHandlers = new ConcurrentHashMap<>();

	private final HandleArgumentResolver handles = new HandleArgumentResolver();

	private final Requirements requirements;

	private final @Nullable Validator validator;

	/**
	 * Create a factory without resolvers of the application.
	 * @param conversionService converts headers
	 * @param validator validates payloads, other arguments and return values that are
	 * annotated with {@code @Valid} or with constraints, or {@code null}
	 * @param beanFactory resolves placeholders, or {@code null}
	 * @param senderTypes the types of parameters that get the sender
	 */
	public HandlerMethodListenerFactory(ConversionService conversionService, @Nullable Validator validator,
			@Nullable ConfigurableBeanFactory beanFactory, List<Class<?>> senderTypes) {
		this(conversionService, validator, beanFactory, senderTypes, List::of);
	}

	/**
	 * Create a factory.
	 * @param conversionService converts headers
	 * @param validator validates payloads, other arguments and return values that are
	 * annotated with {@code @Valid} or with constraints, or {@code null}
	 * @param beanFactory resolves placeholders, or {@code null}
	 * @param senderTypes the types of parameters that get the sender
	 * @param custom returns the resolvers of the application, which come before the
	 * payload; called once, when the first listener is created
	 */
	public HandlerMethodListenerFactory(ConversionService conversionService, @Nullable Validator validator,
			@Nullable ConfigurableBeanFactory beanFactory, List<Class<?>> senderTypes,
			Supplier<List<HandlerMethodArgumentResolver>> custom) {
		this.validator = validator;
		SenderArgumentResolver senders = new SenderArgumentResolver(senderTypes);
		CustomResolvers others = new CustomResolvers(custom);
		HandlerMethodArgumentResolver header = new HeaderMethodArgumentResolver(conversionService, beanFactory);
		HandlerMethodArgumentResolver headers = new HeadersMethodArgumentResolver();
		HandlerMethodArgumentResolver message = new MessageArgumentResolver();
		addResolvers(this.resolvers, header, headers, message, this.handles, senders, others);
		addResolvers(this.handlerResolvers, new ExceptionHandlers.Provided(), header, headers, message, senders,
				others);
		this.requirements = new Requirements(new HeaderMethodArgumentResolver(new NoConversion(), beanFactory),
				this.handles, senders, others);
	}

	private void addResolvers(HandlerMethodArgumentResolverComposite target,
			HandlerMethodArgumentResolver... beforePayload) {
		target.addResolvers(beforePayload);
		target.addResolver(new PayloadArgumentResolver(this.validator, target.getResolvers()));
	}

	/**
	 * Create a listener that calls a method of an object.
	 * @param bean the object to call
	 * @param method the method
	 * @param concurrency how many messages the listener takes at a time; 0 for the peer's
	 * setting
	 * @return the listener
	 * @throws InvalidListenerException if the method cannot be a listener, as more than
	 * one parameter needs the handle, or nothing would run what it returns, or the object
	 * is a proxy that does not have it; or if an exception handler of the object cannot
	 * be one
	 */
	public Listener listener(Object bean, Method method, int concurrency) {
		Class<?> type = AopUtils.getTargetClass(bean);
		return listener(type, bean.getClass(), () -> bean, AopUtils.getMostSpecificMethod(method, type), concurrency);
	}

	/**
	 * Create a listener that calls a method of an object which is looked up for each
	 * message.
	 * @param type the class of the object, or of what a proxy stands for
	 * @param beanType the class of the object as far as it is known, which may be that of
	 * a proxy
	 * @param bean returns the object, or a proxy of it
	 * @param method the method of the class
	 * @param concurrency how many messages the listener takes at a time; 0 for the peer's
	 * setting
	 * @return the listener
	 * @throws InvalidListenerException if the method cannot be a listener, as more than
	 * one parameter needs the handle, or nothing would run what it returns, or the object
	 * is a proxy that does not have it; or if an exception handler of the object cannot
	 * be one
	 */
	public Listener listener(Class<?> type, @Nullable Class<?> beanType, Supplier<?> bean, Method method,
			int concurrency) {
		if (handleParameters(method) > 1) {
			throw new InvalidListenerException(
					"A message carries at most one handle, but %d parameters of %s need one"
						.formatted(handleParameters(method), method.toGenericString()),
					"Send the handles one after the other.");
		}
		Invocable invocable = invocable(type, method, "a listener", this.resolvers);
		ExceptionHandlers handlers = this.exceptionHandlers.computeIfAbsent(type, this::exceptionHandlers);
		if (beanType != null) {
			requireInvocable(method, beanType, invocable.purpose);
			handlers.methods().forEach((handler) -> requireInvocable(handler, beanType, EXCEPTION_HANDLER));
		}
		return new HandlerMethodListener(invocable, handlers, bean, this.requirements.of(invocable), concurrency);
	}

	private ExceptionHandlers exceptionHandlers(Class<?> type) {
		return new ExceptionHandlers(type, (method) -> {
			if (handleParameters(method) > 0) {
				throw new InvalidListenerException(
						"%s cannot be %s: it needs the handle, which the listener may have adopted".formatted(
								method.toGenericString(), EXCEPTION_HANDLER),
						"Use the handle in the listener alone.");
			}
			return invocable(type, method, EXCEPTION_HANDLER, this.handlerResolvers);
		});
	}

	private Invocable invocable(Class<?> type, Method method, String purpose,
			HandlerMethodArgumentResolverComposite parameterResolvers) {
		ListenerResult.require(method, type, purpose);
		Invocable invocable = new Invocable(type, method, purpose, this.handles, this.validator);
		invocable.setMessageMethodArgumentResolvers(parameterResolvers);
		return invocable;
	}

	private long handleParameters(Method method) {
		return Stream.of(method.getParameters())
			.map(MethodParameter::forParameter)
			.filter(this.handles::supportsParameter)
			.count();
	}

	/**
	 * Return the method to call on the objects of a class, which may be the class of a
	 * proxy.
	 */
	private static Method requireInvocable(Method method, Class<?> beanType, String purpose) {
		try {
			return AopUtils.selectInvocableMethod(method, beanType);
		}
		catch (IllegalStateException ex) {
			throw new InvalidListenerException(
					"%s cannot be %s, as its bean is a proxy that does not have it".formatted(method.toGenericString(),
							purpose),
					"Declare the method in an interface of the bean, or let Spring create proxies of classes "
							+ "(spring.aop.proxy-target-class=true, or proxyMode = TARGET_CLASS of a scope). "
							+ "A proxy of a class does not have its private methods.");
		}
	}

	/**
	 * A listener that is a method of an object.
	 */
	private static final class HandlerMethodListener implements Listener {

		private final Invocable method;

		private final ExceptionHandlers handlers;

		private final Supplier<?> bean;

		private final List<Requirement> requirements;

		private final int concurrency;

		HandlerMethodListener(Invocable method, ExceptionHandlers handlers, Supplier<?> bean,
				List<Requirement> requirements, int concurrency) {
			this.method = method;
			this.handlers = handlers;
			this.bean = bean;
			this.requirements = requirements;
			this.concurrency = concurrency;
		}

		@Override
		public void check(IpcMessage message) throws Exception {
			for (Requirement requirement : this.requirements) {
				requirement.check(message);
			}
		}

		@Override
		public @Nullable Object onMessage(IpcMessage message) throws Exception {
			return this.handlers.methods().isEmpty() ? this.method.invoke(this.bean, message) : handled(message);
		}

		/** Listener and handler are methods of the same object. */
		private @Nullable Object handled(IpcMessage message) throws Exception {
			Supplier<?> sameBean = SingletonSupplier.of(this.bean);
			Object result;
			CompletableFuture<?> pending;
			try {
				result = this.method.invoke(sameBean, message);
				pending = ListenerResult.pending(result);
			}
			catch (Throwable ex) {
				return this.handlers.handle(ex, this.method, sameBean, message);
			}
			return (pending != null) ? this.handlers.handleLater(pending, this.method, sameBean, message) : result;
		}

		@Override
		public int concurrency() {
			return this.concurrency;
		}

		@Override
		public String describe() {
			return this.method.getShortLogMessage();
		}

	}

	/**
	 * A method whose object may be another one for each message. The annotations of its
	 * parameters are those of the class, also if the object is a proxy of interfaces.
	 */
	static final class Invocable extends InvocableHandlerMethod {

		private final Class<?> type;

		private final String purpose;

		private final HandleArgumentResolver handles;

		private final @Nullable InvocationValidator validator;

		private volatile @Nullable Target last;

		Invocable(Class<?> type, Method method, String purpose, HandleArgumentResolver handles,
				@Nullable Validator validator) {
			// the object is not known yet
			super(type, method);
			this.type = type;
			this.purpose = purpose;
			this.handles = handles;
			this.validator = InvocationValidator.of(validator, type, method, getMethodParameters(), getReturnType());
		}

		@Override
		public Class<?> getBeanType() {
			return this.type;
		}

		@Override
		protected Class<?> getContainingClass() {
			return this.type;
		}

		@Nullable Object invoke(Supplier<?> source, IpcMessage message) throws Exception {
			return invoke(source, message, arguments(message));
		}

		@Nullable Object[] arguments(IpcMessage message, Object... provided) throws Exception {
			return getMethodArgumentValues(message, provided);
		}

		@Nullable Object invoke(Supplier<?> source, IpcMessage message, @Nullable Object[] arguments) throws Exception {
			Object bean = source.get();
			Method method = target(bean.getClass());
			if (this.validator != null) {
				this.validator.validateArguments(bean, method, arguments);
			}
			adoptHandle(arguments, message);
			@Nullable Object result = invoke(bean, method, arguments);
			if (this.validator != null) {
				this.validator.validateReturnValue(bean, method, result);
			}
			return result;
		}

		private Method target(Class<?> beanType) {
			Target known = this.last;
			if (known == null || known.type != beanType) {
				Method method = requireInvocable(getMethod(), beanType, this.purpose);
				ReflectionUtils.makeAccessible(method);
				known = new Target(beanType, method);
				this.last = known;
			}
			return known.method;
		}

		/**
		 * Adopt the handle once all other arguments are there: if one of them could not
		 * be resolved, nothing would close the adopted object.
		 */
		private void adoptHandle(@Nullable Object[] arguments, IpcMessage message) throws Exception {
			for (int i = 0; i < arguments.length; i++) {
				if (arguments[i] == HandleArgumentResolver.PENDING) {
					arguments[i] = this.handles.adopt(getMethodParameters()[i], message);
				}
			}
		}

		private @Nullable Object invoke(Object bean, Method method, @Nullable Object[] arguments) throws Exception {
			try {
				return method.invoke(bean, arguments);
			}
			catch (IllegalArgumentException ex) {
				String text = (ex.getMessage() != null) ? ex.getMessage() : "Illegal argument";
				throw new IllegalStateException(formatInvokeError(text, arguments), ex);
			}
			catch (InvocationTargetException ex) {
				ReflectionUtils.rethrowException(ex.getTargetException());
				throw new IllegalStateException(ex);
			}
		}

		private record Target(Class<?> type, Method method) {

		}

	}

	/**
	 * Something that a message must have.
	 */
	private interface Requirement {

		void check(IpcMessage message) throws Exception;

	}

	/**
	 * Finds what the parameters of a method require of a message, as far as no code of
	 * the application is needed to check it.
	 *
	 * @param headers resolves headers without converting them
	 */
	private record Requirements(HeaderMethodArgumentResolver headers, HandleArgumentResolver handles,
			SenderArgumentResolver senders, CustomResolvers others) {

		List<Requirement> of(Invocable method) {
			List<Requirement> found = new ArrayList<>();
			for (MethodParameter parameter : method.getMethodParameters()) {
				parameter.initParameterNameDiscovery(DefaultParameterNameDiscoverer.getSharedInstance());
				if (this.headers.supportsParameter(parameter)) {
					found.add((message) -> this.headers.resolveArgument(parameter, message));
				}
				else if (Message.class.isAssignableFrom(parameter.getParameterType())) {
					found.add((message) -> MessageArgumentResolver.requirePayload(parameter, message));
				}
				else if (this.handles.supportsParameter(parameter)) {
					found.add((message) -> this.handles.check(parameter, message));
				}
				else if (this.senders.supportsParameter(parameter)) {
					found.add((message) -> this.senders.resolveArgument(parameter, message));
				}
				else if (parameter.getParameterType().isPrimitive() && !this.others.supportsParameter(parameter)) {
					found.add((message) -> requireContent(parameter, message));
				}
			}
			return List.copyOf(found);
		}

		private static void requireContent(MethodParameter parameter, IpcMessage message) {
			if (message.frame().content() == Content.NULL) {
				throw PayloadArgumentResolver.noValue(parameter);
			}
		}

	}

	/**
	 * The resolvers of the application, which may depend on what creates listeners.
	 */
	private static final class CustomResolvers implements HandlerMethodArgumentResolver {

		private final SingletonSupplier<HandlerMethodArgumentResolverComposite> resolvers;

		CustomResolvers(Supplier<List<HandlerMethodArgumentResolver>> custom) {
			this.resolvers = SingletonSupplier
				.of(() -> new HandlerMethodArgumentResolverComposite().addResolvers(custom.get()));
		}

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return this.resolvers.obtain().supportsParameter(parameter);
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws Exception {
			return this.resolvers.obtain().resolveArgument(parameter, message);
		}

	}

	/**
	 * Leaves headers as they are: their types may have code of their own.
	 */
	private static final class NoConversion implements ConversionService {

		@Override
		public boolean canConvert(@Nullable Class<?> sourceType, Class<?> targetType) {
			return true;
		}

		@Override
		public boolean canConvert(@Nullable TypeDescriptor sourceType, TypeDescriptor targetType) {
			return true;
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> @Nullable T convert(@Nullable Object source, Class<T> targetType) {
			return (T) source;
		}

		@Override
		public @Nullable Object convert(@Nullable Object source, @Nullable TypeDescriptor sourceType,
				TypeDescriptor targetType) {
			return source;
		}

	}

}
