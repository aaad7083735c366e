package io.ipcboot.messaging;

import java.util.List;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Resolves the process that sent a message.
 */
final class SenderArgumentResolver implements HandlerMethodArgumentResolver {

	private final List<Class<?>> types;

	SenderArgumentResolver(List<Class<?>> types) {
		this.types = types;
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return this.types.contains(parameter.getParameterType());
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		Object sender = ((IpcMessage) message).sender();
		if (!parameter.getParameterType().isInstance(sender)) {
			throw new PayloadConversionException("the sender is %s, which is not a %s".formatted(sender,
					parameter.getParameterType().getSimpleName()), null);
		}
		return sender;
	}

}
