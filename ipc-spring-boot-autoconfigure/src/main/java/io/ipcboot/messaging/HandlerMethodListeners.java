package io.ipcboot.messaging;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableBeanFactory;
import org.springframework.core.convert.ConversionService;
import org.springframework.messaging.handler.annotation.support.DefaultMessageHandlerMethodFactory;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.Validator;

/**
 * Makes listeners of methods. Their arguments are resolved as everywhere in
 * spring-messaging; parameters of the type of a socket, channel or stream get the handle,
 * and those of a type that messages are sent from get the sender.
 */
public final class HandlerMethodListeners {

	private final DefaultMessageHandlerMethodFactory factory = new DefaultMessageHandlerMethodFactory();

	/**
	 * Create a factory.
	 * @param conversionService converts headers
	 * @param validator validates payloads annotated with {@code @Valid}, or {@code null}
	 * @param beanFactory resolves placeholders, or {@code null}
	 * @param senderTypes the types of parameters that get the sender
	 */
	public HandlerMethodListeners(ConversionService conversionService, @Nullable Validator validator,
			@Nullable ConfigurableBeanFactory beanFactory, List<Class<?>> senderTypes) {
		List<HandlerMethodArgumentResolver> resolvers = new ArrayList<>();
		resolvers.add(new HeaderMethodArgumentResolver(conversionService, beanFactory));
		resolvers.add(new HeadersMethodArgumentResolver());
		resolvers.add(new MessageArgumentResolver());
		resolvers.add(new HandleArgumentResolver());
		resolvers.add(new SenderArgumentResolver(senderTypes));
		resolvers.add(new PayloadArgumentResolver(validator, List.copyOf(resolvers)));
		this.factory.setArgumentResolvers(resolvers);
		this.factory.afterPropertiesSet();
	}

	/**
	 * Make a listener of a method.
	 * @param bean the object to call
	 * @param method the method
	 * @param concurrency how many messages it takes at a time, 0 for the peer's setting
	 * @return the listener
	 */
	public Listener listener(Object bean, Method method, int concurrency) {
		InvocableHandlerMethod invocable = this.factory.createInvocableHandlerMethod(bean, method);
		return new HandlerMethodListener(invocable, concurrency);
	}

}
