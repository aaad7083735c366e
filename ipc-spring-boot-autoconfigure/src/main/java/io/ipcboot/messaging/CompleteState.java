package io.ipcboot.messaging;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.ser.BeanPropertyWriter;
import tools.jackson.databind.ser.ValueSerializerModifier;

/**
 * Refuses to write objects of which something would be missing on the other side. A type
 * is looked at once, when its first object is written. Types with serializers of their
 * own or mix-ins are trusted.
 */
final class CompleteState extends ValueSerializerModifier {

	private static final Set<Class<?>> WITHOUT_STATE = Set.of(Object.class, Record.class, Enum.class, Proxy.class);

	@Override
	public List<BeanPropertyWriter> changeProperties(SerializationConfig config, BeanDescription.Supplier description,
			List<BeanPropertyWriter> properties) {
		Class<?> type = description.getBeanClass();
		String problem = problem(config, description.get(), properties);
		if (problem != null) {
			throw InvalidDefinitionException.from((JsonGenerator) null,
					"a %s cannot be sent: %s".formatted(type.getName(), problem), description.getType());
		}
		return properties;
	}

	private static @Nullable String problem(SerializationConfig config, BeanDescription description,
			List<BeanPropertyWriter> properties) {
		Class<?> type = description.getBeanClass();
		if (type.isHidden() || type.isSynthetic()) {
			return "it is code, not data";
		}
		if (ListenerResult.isPromise(type)) {
			return "it stands for values that are not there yet. Send the values";
		}
		if (isOfPlatform(type)) {
			boolean known = Throwable.class.isAssignableFrom(type) || type == StackTraceElement.class;
			return known ? null : "it has no JSON form. Send its content, or register a serializer and a "
					+ "deserializer with the JsonMapper";
		}
		for (Class<?> part = type; part != null && !WITHOUT_STATE.contains(part); part = part.getSuperclass()) {
			if (isOfPlatform(part)) {
				return hidesState(part) ? "the fields that it inherits from %s are not accessible. Send its content"
					.formatted(part.getName()) : null;
			}
			// who gives a type a mix-in has decided on its JSON
			String field = (config.findMixInClassFor(type) == null) ? leftOut(config, description, properties, part)
					: null;
			if (field != null) {
				return ("the field '%s' of %s is left out because of an annotation. Send an object "
						+ "without such fields, or make the field transient")
					.formatted(field, part.getName());
			}
		}
		return (properties.isEmpty() && instanceFields(type).findAny().isPresent())
				? "it has state, but nothing that could be written" : null;
	}

	private static boolean hidesState(Class<?> platform) {
		return !Throwable.class.isAssignableFrom(platform)
				&& instanceFields(platform).anyMatch((field) -> !Modifier.isTransient(field.getModifiers()));
	}

	private static @Nullable String leftOut(SerializationConfig config, BeanDescription description,
			List<BeanPropertyWriter> properties, Class<?> part) {
		Set<String> written = new HashSet<>();
		properties.forEach((writer) -> written.add(writer.getName()));
		written.removeAll(ignored(config, description.getClassInfo()));
		Set<String> included = included(config, description.getClassInfo());
		if (included != null) {
			written.retainAll(included);
		}
		Set<String> complete = new HashSet<>();
		for (BeanPropertyDefinition property : description.findProperties()) {
			if ((written.contains(property.getName()) && !isWrittenInPart(config, property)) || property.isTypeId()
					|| isBackReference(property)) {
				complete.add(property.getInternalName());
				if (property.hasField()) {
					complete.add(property.getField().getName());
				}
			}
		}
		if (description.findAnyGetter() != null) {
			// usually the getter of a field
			complete.add(description.findAnyGetter().getName());
		}
		return instanceFields(part).filter(CompleteState::isState)
			.map(Field::getName)
			.filter((name) -> !complete.contains(name))
			.findFirst()
			.orElse(null);
	}

	/** Return whether an annotation of the property leaves out a part of its value. */
	private static boolean isWrittenInPart(SerializationConfig config, BeanPropertyDefinition property) {
		return !ignored(config, property.getAccessor()).isEmpty() || included(config, property.getAccessor()) != null;
	}

	private static Set<String> ignored(SerializationConfig config, Annotated annotated) {
		return config.getAnnotationIntrospector()
			.findPropertyIgnoralByName(config, annotated)
			.findIgnoredForSerialization();
	}

	private static @Nullable Set<String> included(SerializationConfig config, Annotated annotated) {
		return config.getAnnotationIntrospector().findPropertyInclusionByName(config, annotated).getIncluded();
	}

	private static boolean isBackReference(BeanPropertyDefinition property) {
		AnnotationIntrospector.ReferenceProperty reference = property.findReferenceType();
		return reference != null && reference.isBackReference();
	}

	/**
	 * Return whether a field is a part of what an object of the application is. Names
	 * with a dollar sign are those that compilers and proxies choose.
	 */
	static boolean isState(Field field) {
		int modifiers = field.getModifiers();
		return !Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers) && field.getName().indexOf('$') < 0
				&& !isOfPlatform(field.getDeclaringClass());
	}

	private static Stream<Field> instanceFields(Class<?> type) {
		return Arrays.stream(type.getDeclaredFields()).filter((field) -> !Modifier.isStatic(field.getModifiers()));
	}

	private static boolean isOfPlatform(Class<?> type) {
		ClassLoader loader = type.getClassLoader();
		return loader == null || loader == ClassLoader.getPlatformClassLoader();
	}

}
