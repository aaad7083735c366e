package io.ipcboot.messaging;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.SimpleMessageConverter;
import org.springframework.messaging.handler.annotation.support.PayloadMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * Resolves the payload, and the values of an event by their position. Other than its
 * super class it lets {@code null} and empty payloads through, since both are values
 * here.
 */
final class PayloadArgumentResolver extends PayloadMethodArgumentResolver {

	private final List<HandlerMethodArgumentResolver> others;

	/**
	 * @param others the resolvers that come before this one
	 */
	PayloadArgumentResolver(@Nullable Validator validator, List<HandlerMethodArgumentResolver> others) {
		super(new SimpleMessageConverter(), validator);
		this.others = others;
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
		IpcMessage received = (IpcMessage) message;
		Object value = received.isEvent() ? eventValue(parameter, received) : received.payload(typeOf(parameter));
		if (value != null) {
			validate(message, parameter, value);
		}
		return (parameter.getParameterType() == Optional.class) ? Optional.ofNullable(value) : value;
	}

	private @Nullable Object eventValue(MethodParameter parameter, IpcMessage received) {
		MethodParameter[] values = Stream.of(parameter.getExecutable().getParameters())
			.map(MethodParameter::forParameter)
			.filter(this::isValue)
			.toArray(MethodParameter[]::new);
		Type[] types = Stream.of(values).map(PayloadArgumentResolver::typeOf).toArray(Type[]::new);
		int position = 0;
		while (values[position].getParameterIndex() != parameter.getParameterIndex()) {
			position++;
		}
		return received.values(types)[position];
	}

	/** Whether the parameter takes a value of an event, and not something else. */
	private boolean isValue(MethodParameter parameter) {
		return this.others.stream().noneMatch((other) -> other.supportsParameter(parameter));
	}

	private static Type typeOf(MethodParameter parameter) {
		MethodParameter nested = parameter.nestedIfOptional();
		return GenericTypeResolver.resolveType(nested.getNestedGenericParameterType(), nested.getContainingClass());
	}

}
