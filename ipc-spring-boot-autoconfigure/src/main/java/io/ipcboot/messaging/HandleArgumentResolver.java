package io.ipcboot.messaging;

import java.io.IOException;
import java.util.Optional;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Resolves the handle that came with a message, by the type of the parameter. The
 * resulting object belongs to the listener, which has to close it.
 */
final class HandleArgumentResolver implements HandlerMethodArgumentResolver {

	/** A placeholder for the handle until all other arguments are there. */
	static final Object PENDING = new Object();

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return !parameter.hasParameterAnnotation(Payload.class) && Handle.isHandleType(type(parameter));
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		return PENDING;
	}

	/**
	 * Check that the handle is there and can become the type of the parameter.
	 */
	void check(MethodParameter parameter, IpcMessage message) {
		Handle handle = message.handle();
		if (handle != null) {
			handle.requireType(type(parameter));
		}
		else if (!parameter.isOptional()) {
			throw missing(parameter);
		}
	}

	private static PayloadConversionException missing(MethodParameter parameter) {
		return new PayloadConversionException("the message came without a handle, but parameter %d of %s is a %s"
			.formatted(parameter.getParameterIndex(), parameter.getExecutable().toGenericString(),
					type(parameter).getName()),
				null);
	}

	/**
	 * Turn the handle into the type of the parameter.
	 */
	@Nullable Object adopt(MethodParameter parameter, IpcMessage message) throws IOException {
		Class<?> type = type(parameter);
		boolean optional = parameter.getParameterType() == Optional.class;
		Handle handle = (type == Handle.class) ? message.takeHandle() : message.handle();
		if (handle != null) {
			Object adopted = handle.as(type);
			return optional ? Optional.of(adopted) : adopted;
		}
		if (parameter.isOptional()) {
			return optional ? Optional.empty() : null;
		}
		throw missing(parameter);
	}

	private static Class<?> type(MethodParameter parameter) {
		return parameter.nestedIfOptional().getNestedParameterType();
	}

}
