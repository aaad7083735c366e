package io.ipcboot.messaging;

import java.lang.reflect.Type;

import io.ipcboot.channel.Content;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Resolves {@code Message<T>}, with the payload converted to {@code T}.
 */
final class MessageArgumentResolver implements HandlerMethodArgumentResolver {

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return Message.class.isAssignableFrom(parameter.getParameterType());
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		IpcMessage received = (IpcMessage) message;
		if (parameter.getParameterType() == IpcMessage.class) {
			return received;
		}
		return MessageBuilder.createMessage(payload(parameter, received), message.getHeaders());
	}

	private static Object payload(MethodParameter parameter, IpcMessage received) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter).as(Message.class).getGeneric();
		Type target = type.resolve() != null ? type.getType() : Object.class;
		@Nullable Object payload = (target == Object.class) ? received.naturalPayload() : received.payload(target);
		if (payload == null) {
			throw noPayload();
		}
		return payload;
	}

	/**
	 * Check that there is a payload, if one is needed.
	 */
	static void requirePayload(MethodParameter parameter, IpcMessage message) {
		Class<?> type = ResolvableType.forMethodParameter(parameter).as(Message.class).getGeneric().resolve();
		boolean needed = parameter.getParameterType() != IpcMessage.class && type != null && type != Object.class;
		if (needed && message.frame().content() == Content.NULL) {
			throw noPayload();
		}
	}

	private static PayloadConversionException noPayload() {
		return new PayloadConversionException("the message has no payload, but a Message needs one; "
				+ "declare the payload as a parameter of its own", null);
	}

}
