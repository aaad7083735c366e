package io.ipcboot.messaging;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.Validator;

/**
 * Creates listeners that call methods. Arguments are resolved as everywhere in
 * spring-messaging; a parameter whose type is a socket, channel or stream gets the
 * handle, and a parameter of a sender's type gets the sender.
 */
public final class HandlerMethodListenerFactory {

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	private final HandleArgumentResolver handles = new HandleArgumentResolver();

	private final @Nullable Validator validator;

	/**
	 * Create a factory.
	 * @param conversionService converts headers
	 * @param validator validates payloads and other arguments that are annotated with
	 * {@code @Valid} or with constraints, or {@code null}
	 * @param beanFactory resolves placeholders, or {@code null}
	 * @param senderTypes the types of parameters that get the sender
	 */
	public HandlerMethodListenerFactory(ConversionService conversionService, @Nullable Validator validator,
			@Nullable ConfigurableBeanFactory beanFactory, List<Class<?>> senderTypes) {
		this.validator = validator;
		this.resolvers.addResolver(new HeaderMethodArgumentResolver(conversionService, beanFactory));
		this.resolvers.addResolver(new HeadersMethodArgumentResolver());
		this.resolvers.addResolver(new MessageArgumentResolver());
		this.resolvers.addResolver(this.handles);
		this.resolvers.addResolver(new SenderArgumentResolver(senderTypes));
		this.resolvers.addResolver(new PayloadArgumentResolver(validator, this.resolvers.getResolvers()));
	}

	/**
	 * Create a listener that calls a method.
	 * @param bean the object to call
	 * @param method the method
	 * @param concurrency how many messages the listener takes at a time; 0 for the peer's
	 * setting
	 * @return the listener
	 * @throws InvalidListenerException if more than one parameter needs the handle, or
	 * nothing would run what the method returns
	 */
	public Listener listener(Object bean, Method method, int concurrency) {
		long wantHandle = Stream.of(method.getParameters())
			.map(MethodParameter::forParameter)
			.filter(this.handles::supportsParameter)
			.count();
		if (wantHandle > 1) {
			throw new InvalidListenerException("A message carries at most one handle, but %d parameters of %s need one"
				.formatted(wantHandle, method.toGenericString()), "Send the handles one after the other.");
		}
		ListenerResult.require(method, bean.getClass());
		Invocable invocable = new Invocable(bean, method, this.handles, this.validator);
		invocable.setMessageMethodArgumentResolvers(this.resolvers);
		return new HandlerMethodListener(invocable, concurrency);
	}

	/**
	 * A listener that is a method of an object.
	 */
	private static final class HandlerMethodListener implements Listener {

		private final Invocable method;

		private final int concurrency;

		HandlerMethodListener(Invocable method, int concurrency) {
			this.method = method;
			this.concurrency = concurrency;
		}

		@Override
		public @Nullable Object onMessage(IpcMessage message) throws Exception {
			return this.method.invoke(message);
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
	 * Adopt the handle once all other arguments are there: if one of them could not be
	 * resolved, nothing would close the adopted object.
	 */
	private static final class Invocable extends InvocableHandlerMethod {

		private final HandleArgumentResolver handles;

		private final @Nullable ArgumentValidator validator;

		Invocable(Object bean, Method method, HandleArgumentResolver handles, @Nullable Validator validator) {
			super(bean, method);
			this.handles = handles;
			this.validator = ArgumentValidator.of(validator, bean, method, getMethodParameters());
		}

		@Override
		protected @Nullable Object[] getMethodArgumentValues(Message<?> message, @Nullable Object... provided)
				throws Exception {
			@Nullable Object[] arguments = super.getMethodArgumentValues(message, provided);
			if (this.validator != null) {
				this.validator.validate(arguments);
			}
			for (int i = 0; i < arguments.length; i++) {
				if (arguments[i] == HandleArgumentResolver.PENDING) {
					arguments[i] = this.handles.adopt(getMethodParameters()[i], (IpcMessage) message);
				}
			}
			return arguments;
		}

	}

}
