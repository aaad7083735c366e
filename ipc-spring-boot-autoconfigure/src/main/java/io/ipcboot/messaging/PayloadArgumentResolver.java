package io.ipcboot.messaging;

import java.lang.reflect.Executable;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
 * Resolves the payload, and the values of an event by their position. Unlike the
 * superclass, this resolver accepts {@code null} and empty payloads, since both are
 * values here.
 */
final class PayloadArgumentResolver extends PayloadMethodArgumentResolver {

	private final Map<Key, EventValues> eventValues = new ConcurrentHashMap<>();

	private final List<HandlerMethodArgumentResolver> others;

	/**
	 * @param others the resolvers that come before this one
	 */
	PayloadArgumentResolver(@Nullable Validator validator, List<HandlerMethodArgumentResolver> others) {
		super(new SimpleMessageConverter(), validator);
		this.others = List.copyOf(others);
	}

	@Override
	public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
		IpcMessage received = (IpcMessage) message;
		Object value = received.isEvent() ? eventValue(parameter, received) : received.payload(typeOf(parameter));
		if (value != null) {
			validate(message, parameter, value);
		}
		else if (parameter.getParameterType().isPrimitive()) {
			throw noValue(parameter);
		}
		return (parameter.getParameterType() == Optional.class) ? Optional.ofNullable(value) : value;
	}

	static PayloadConversionException noValue(MethodParameter parameter) {
		return new PayloadConversionException("there is no value for parameter %d of %s, which is primitive"
			.formatted(parameter.getParameterIndex(), parameter.getExecutable().toGenericString()), null);
	}

	private @Nullable Object eventValue(MethodParameter parameter, IpcMessage received) {
		Key key = new Key(parameter.getExecutable(), parameter.getContainingClass());
		EventValues expected = this.eventValues.computeIfAbsent(key, this::eventValues);
		return received.values(expected.types)[expected.positions[parameter.getParameterIndex()]];
	}

	private EventValues eventValues(Key key) {
		List<MethodParameter> values = Stream.of(key.method.getParameters())
			.map((each) -> MethodParameter.forParameter(each).withContainingClass(key.containingClass))
			.filter((each) -> this.others.stream().noneMatch((other) -> other.supportsParameter(each)))
			.toList();
		int[] positions = new int[key.method.getParameterCount()];
		for (int i = 0; i < values.size(); i++) {
			positions[values.get(i).getParameterIndex()] = i;
		}
		return new EventValues(values.stream().map(PayloadArgumentResolver::typeOf).toArray(Type[]::new), positions);
	}

	private static Type typeOf(MethodParameter parameter) {
		MethodParameter nested = parameter.nestedIfOptional();
		return GenericTypeResolver.resolveType(nested.getNestedGenericParameterType(), nested.getContainingClass());
	}

	private record Key(Executable method, Class<?> containingClass) {

	}

	/**
	 * The parameters of a method that take values of an event.
	 *
	 * @param types the types of the values
	 * @param positions the position of a value by the index of its parameter
	 */
	private record EventValues(Type[] types, int[] positions) {

	}

}
