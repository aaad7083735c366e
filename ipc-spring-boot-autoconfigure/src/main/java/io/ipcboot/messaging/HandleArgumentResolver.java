package io.ipcboot.messaging;

import java.io.IOException;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Resolves the handle that came with a message, by the type of the parameter. What it
 * becomes belongs to the listener, who has to close it.
 */
final class HandleArgumentResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return !parameter.hasParameterAnnotation(Payload.class)
				&& Handle.isHandleType(parameter.nestedIfOptional().getNestedParameterType());
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) throws IOException {
		IpcMessage received = (IpcMessage) message;
		Class<?> type = parameter.getParameterType();
		Handle handle = (type == Handle.class) ? received.takeHandle() : received.handle();
		if (handle != null) {
			return handle.as(type);
		}
		if (parameter.isOptional()) {
			return null;
		}
		throw new PayloadConversionException(
				"the message came without a handle, but parameter %d of %s is a %s".formatted(
						parameter.getParameterIndex(), parameter.getExecutable().toGenericString(), type.getName()),
				null);
	}

}
