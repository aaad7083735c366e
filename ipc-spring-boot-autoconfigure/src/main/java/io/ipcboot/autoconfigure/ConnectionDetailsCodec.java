package io.ipcboot.autoconfigure;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * Writes the details of a connection as JSON and reads them again. The details are
 * interfaces of getters; what a getter returns is a text, a number, a record, a list or
 * another such interface. Anything else is refused.
 */
class ConnectionDetailsCodec {

	private static final JsonMapper mapper = JsonMapper.shared();

	/**
	 * Write connection details.
	 * @param details the details
	 * @return JSON
	 * @throws IllegalArgumentException if a value cannot be written
	 */
	String write(ConnectionDetails details) {
		List<Class<?>> types = typesOf(details);
		Map<String, Object> values = new LinkedHashMap<>();
		types.forEach((type) -> values.putAll(properties(details, type)));
		return mapper.writeValueAsString(new Written(types.stream().map(Class::getName).toList(), values));
	}

	/** Return the interfaces by which connection details are asked for. */
	static List<Class<?>> typesOf(ConnectionDetails details) {
		return Stream.of(ClassUtils.getAllInterfacesForClass(details.getClass()))
			.filter((type) -> ConnectionDetails.class.isAssignableFrom(type) && type != ConnectionDetails.class)
			.toList();
	}

	/**
	 * Read connection details.
	 * @param json what was {@linkplain #write written}
	 * @param classLoader has the interfaces
	 * @return an object with the same interfaces and values, or {@code null} if this
	 * process does not have the interfaces
	 */
	@Nullable ConnectionDetails read(String json, ClassLoader classLoader) {
		Written written = mapper.readValue(json, Written.class);
		List<Class<?>> types = new ArrayList<>();
		for (String type : written.types()) {
			if (!ClassUtils.isPresent(type, classLoader)) {
				return null;
			}
			types.add(ClassUtils.resolveClassName(type, classLoader));
		}
		return (ConnectionDetails) proxy(written.values(), classLoader, types.toArray(Class<?>[]::new));
	}

	private Map<String, Object> properties(Object object, Class<?> type) {
		Map<String, Object> values = new LinkedHashMap<>();
		for (Method method : type.getMethods()) {
			if (isGetter(method)) {
				try {
					values.put(method.getName(),
							encode(method.invoke(object), ResolvableType.forMethodReturnType(method, type)));
				}
				catch (InvocationTargetException ex) {
					throw new IllegalArgumentException("%s failed: %s".formatted(method, ex.getTargetException()), ex);
				}
				catch (IllegalAccessException ex) {
					throw new IllegalArgumentException(ex);
				}
			}
		}
		return values;
	}

	private static boolean isGetter(Method method) {
		return method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
				&& method.getReturnType() != void.class;
	}

	private @Nullable Object encode(@Nullable Object value, ResolvableType declared) {
		if (value == null || BeanUtils.isSimpleValueType(value.getClass())) {
			return (value instanceof URI || value instanceof Enum) ? value.toString() : value;
		}
		if (value instanceof Collection<?> collection) {
			return collection.stream().map((element) -> encode(element, declared.asCollection().getGeneric())).toList();
		}
		if (value instanceof Record) {
			return components(value);
		}
		Method text = textOf(value.getClass());
		if (text != null) {
			return ReflectionUtils.invokeMethod(text, value);
		}
		if (declared.toClass().isInterface()) {
			return properties(value, declared.toClass());
		}
		throw new IllegalArgumentException("a %s cannot be sent".formatted(value.getClass().getName()));
	}

	private Map<String, Object> components(Object value) {
		Map<String, Object> components = new LinkedHashMap<>();
		for (RecordComponent component : value.getClass().getRecordComponents()) {
			Method accessor = component.getAccessor();
			ReflectionUtils.makeAccessible(accessor);
			components.put(component.getName(), encode(ReflectionUtils.invokeMethod(accessor, value),
					ResolvableType.forMethodReturnType(accessor)));
		}
		return components;
	}

	/**
	 * A type such as MongoDB's {@code ConnectionString}, which is a text with a type of
	 * its own.
	 */
	private static @Nullable Method textOf(Class<?> type) {
		Method getter = ClassUtils.getMethodIfAvailable(type, "get" + type.getSimpleName());
		boolean fromText = ClassUtils.hasConstructor(type, String.class);
		return (fromText && getter != null && getter.getReturnType() == String.class) ? getter : null;
	}

	private @Nullable Object decode(@Nullable Object json, ResolvableType declared) {
		Class<?> type = declared.toClass();
		if (json == null) {
			return null;
		}
		if (json instanceof List<?> list) {
			List<@Nullable Object> elements = new ArrayList<>();
			list.forEach((element) -> elements.add(decode(element, declared.asCollection().getGeneric())));
			return Set.class.isAssignableFrom(type) ? new LinkedHashSet<>(elements) : elements;
		}
		if (json instanceof Map<?, ?> values) {
			return type.isRecord() ? record(values, type)
					: proxy(values, type.getClassLoader(), new Class<?>[] { type });
		}
		if (json instanceof String text && textOf(type) != null) {
			return BeanUtils.instantiateClass(constructor(type, String.class), text);
		}
		return mapper.convertValue(json, type);
	}

	private Object record(Map<?, ?> values, Class<?> type) {
		RecordComponent[] components = type.getRecordComponents();
		Constructor<?> constructor = constructor(type,
				Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
		return BeanUtils.instantiateClass(constructor,
				Arrays.stream(components)
					.map((component) -> decode(values.get(component.getName()),
							ResolvableType.forMethodReturnType(component.getAccessor())))
					.toArray());
	}

	private static Constructor<?> constructor(Class<?> type, Class<?>... parameters) {
		try {
			return type.getDeclaredConstructor(parameters);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private Object proxy(Map<?, ?> values, ClassLoader classLoader, Class<?>[] types) {
		InvocationHandler handler = (proxy, method, arguments) -> {
			if (values.containsKey(method.getName()) && isGetter(method)) {
				return decode(values.get(method.getName()),
						ResolvableType.forMethodReturnType(method, method.getDeclaringClass()));
			}
			if (ReflectionUtils.isEqualsMethod(method)) {
				return proxy == arguments[0];
			}
			if (ReflectionUtils.isHashCodeMethod(method)) {
				return System.identityHashCode(proxy);
			}
			if (ReflectionUtils.isToStringMethod(method)) {
				return "the parent's "
						+ StringUtils.arrayToCommaDelimitedString(Stream.of(types).map(Class::getSimpleName).toArray());
			}
			return InvocationHandler.invokeDefault(proxy, method, arguments);
		};
		return Proxy.newProxyInstance(classLoader, types, handler);
	}

	/**
	 * The form of connection details on the way.
	 *
	 * @param types the names of the interfaces
	 * @param values the results of the getters, by their names
	 */
	private record Written(List<String> types, Map<String, Object> values) {

	}

}
