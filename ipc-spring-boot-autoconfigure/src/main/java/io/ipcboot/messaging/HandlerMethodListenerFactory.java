package io.ipcboot.messaging;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
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
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.Validator;

/**
 * Creates listeners that call methods. Arguments are resolved as everywhere in
 * spring-messaging; a parameter whose type is a socket, channel or stream gets the
 * handle, and a parameter of a sender's type gets the sender.
 */
public final class HandlerMethodListenerFactory {

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	private final HandleArgumentResolver handles = new HandleArgumentResolver();

	private final Requirements requirements;

	private final @Nullable Validator validator;

	/**
	 * Create a factory.
	 * @param conversionService converts headers
	 * @param validator validates payloads, other arguments and return values that are
	 * annotated with {@code @Valid} or with constraints, or {@code null}
	 * @param beanFactory resolves placeholders, or {@code null}
	 * @param senderTypes the types of parameters that get the sender
	 */
	public HandlerMethodListenerFactory(ConversionService conversionService, @Nullable Validator validator,
			@Nullable ConfigurableBeanFactory beanFactory, List<Class<?>> senderTypes) {
		this.validator = validator;
		SenderArgumentResolver senders = new SenderArgumentResolver(senderTypes);
		this.resolvers.addResolver(new HeaderMethodArgumentResolver(conversionService, beanFactory));
		this.resolvers.addResolver(new HeadersMethodArgumentResolver());
		this.resolvers.addResolver(new MessageArgumentResolver());
		this.resolvers.addResolver(this.handles);
		this.resolvers.addResolver(senders);
		this.resolvers.addResolver(new PayloadArgumentResolver(validator, this.resolvers.getResolvers()));
		this.requirements = new Requirements(new HeaderMethodArgumentResolver(new NoConversion(), beanFactory),
				this.handles, senders);
	}

	/**
	 * Create a listener that calls a method of an object.
	 * @param bean the object to call
	 * @param method the method
	 * @param concurrency how many messages the listener takes at a time; 0 for the peer's
	 * setting
	 * @return the listener
	 * @throws InvalidListenerException if more than one parameter needs the handle,
	 * nothing would run what the method returns, or the object is a proxy that does not
	 * have the method
	 */
	public Listener listener(Object bean, Method method, int concurrency) {
		Class<?> type = AopUtils.getTargetClass(bean);
		requireInvocable(method, bean.getClass());
		return listener(type, () -> bean, AopUtils.getMostSpecificMethod(method, type), concurrency);
	}

	/**
	 * Create a listener that calls a method of an object which is looked up for each
	 * message.
	 * @param type the class of the object, or of what a proxy stands for
	 * @param bean returns the object, or a proxy of it
	 * @param method the method of the class
	 * @param concurrency how many messages the listener takes at a time; 0 for the peer's
	 * setting
	 * @return the listener
	 * @throws InvalidListenerException if more than one parameter needs the handle, or
	 * nothing would run what the method returns
	 */
	public Listener listener(Class<?> type, Supplier<?> bean, Method method, int concurrency) {
		long wantHandle = Stream.of(method.getParameters())
			.map(MethodParameter::forParameter)
			.filter(this.handles::supportsParameter)
			.count();
		if (wantHandle > 1) {
			throw new InvalidListenerException("A message carries at most one handle, but %d parameters of %s need one"
				.formatted(wantHandle, method.toGenericString()), "Send the handles one after the other.");
		}
		ListenerResult.require(method, type);
		Invocable invocable = new Invocable(type, method, this.handles, this.validator);
		invocable.setMessageMethodArgumentResolvers(this.resolvers);
		return new HandlerMethodListener(invocable, bean, this.requirements.of(invocable), concurrency);
	}

	/**
	 * Check that a method can be called on the objects of a class, which may be the class
	 * of a proxy.
	 * @param method a method of the class that the proxy stands for
	 * @param beanType the class
	 * @return the method to call
	 * @throws InvalidListenerException if a proxy does not have the method
	 */
	public static Method requireInvocable(Method method, Class<?> beanType) {
		try {
			return AopUtils.selectInvocableMethod(method, beanType);
		}
		catch (IllegalStateException ex) {
			throw new InvalidListenerException(
					"%s cannot be a listener, as its bean is a proxy that does not have it"
						.formatted(method.toGenericString()),
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

		private final Supplier<?> bean;

		private final List<Requirement> requirements;

		private final int concurrency;

		HandlerMethodListener(Invocable method, Supplier<?> bean, List<Requirement> requirements, int concurrency) {
			this.method = method;
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
			return this.method.invoke(this.bean, message);
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
	private static final class Invocable extends InvocableHandlerMethod {

		private final Class<?> type;

		private final HandleArgumentResolver handles;

		private final @Nullable InvocationValidator validator;

		private volatile @Nullable Target last;

		Invocable(Class<?> type, Method method, HandleArgumentResolver handles, @Nullable Validator validator) {
			// the object is not known yet
			super(type, method);
			this.type = type;
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
			@Nullable Object[] arguments = getMethodArgumentValues(message);
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
				Method method = requireInvocable(getMethod(), beanType);
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
			SenderArgumentResolver senders) {

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
				else if (parameter.getParameterType().isPrimitive()) {
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
