package io.ipcboot.messaging;

import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.validation.Validator;

/**
 * Makes listeners of methods. Their arguments are resolved as everywhere in
 * spring-messaging; parameters of the type of a socket, channel or stream get the handle,
 * and those of a type that messages are sent from get the sender.
 */
public final class HandlerMethodListeners {

	private final HandlerMethodArgumentResolverComposite resolvers = new HandlerMethodArgumentResolverComposite();

	private final HandleArgumentResolver handles = new HandleArgumentResolver();

	/**
	 * Create a factory.
	 * @param conversionService converts headers
	 * @param validator validates payloads annotated with {@code @Valid}, or {@code null}
	 * @param beanFactory resolves placeholders, or {@code null}
	 * @param senderTypes the types of parameters that get the sender
	 */
	public HandlerMethodListeners(ConversionService conversionService, @Nullable Validator validator,
			@Nullable ConfigurableBeanFactory beanFactory, List<Class<?>> senderTypes) {
		this.resolvers.addResolver(new HeaderMethodArgumentResolver(conversionService, beanFactory));
		this.resolvers.addResolver(new HeadersMethodArgumentResolver());
		this.resolvers.addResolver(new MessageArgumentResolver());
		this.resolvers.addResolver(this.handles);
		this.resolvers.addResolver(new SenderArgumentResolver(senderTypes));
		this.resolvers.addResolver(new PayloadArgumentResolver(validator, this.resolvers.getResolvers()));
	}

	/**
	 * Make a listener of a method.
	 * @param bean the object to call
	 * @param method the method
	 * @param concurrency how many messages it takes at a time, 0 for the peer's setting
	 * @return the listener
	 * @throws IllegalArgumentException if more than one parameter wants the handle
	 */
	public Listener listener(Object bean, Method method, int concurrency) {
		long wantHandle = Stream.of(method.getParameters())
			.map(MethodParameter::forParameter)
			.filter(this.handles::supportsParameter)
			.count();
		if (wantHandle > 1) {
			throw new IllegalArgumentException("A message brings one handle, but %d parameters of %s want one"
				.formatted(wantHandle, method.toGenericString()));
		}
		return new HandlerMethodListener(bean, method, concurrency, this.resolvers, this.handles);
	}

}
