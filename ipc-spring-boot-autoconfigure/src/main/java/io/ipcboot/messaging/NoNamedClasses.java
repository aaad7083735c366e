package io.ipcboot.messaging;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;

/**
 * Keeps JSON from naming classes, whatever the annotations of the wanted type allow: what
 * the other process sends does not decide which class is loaded. Subtypes that have names
 * of their own ({@code JsonTypeInfo.Id.NAME}) are not affected.
 */
final class NoNamedClasses extends PolymorphicTypeValidator {

	@Override
	public Validity validateBaseType(DatabindContext context, JavaType baseType) {
		return Validity.DENIED;
	}

	@Override
	public Validity validateSubClassName(DatabindContext context, JavaType baseType, String subClassName) {
		return Validity.DENIED;
	}

	@Override
	public Validity validateSubType(DatabindContext context, JavaType baseType, JavaType subType) {
		return Validity.DENIED;
	}

	/**
	 * Return what keeps values and keys of type {@link Class} from being read.
	 */
	static JacksonModule module() {
		return new SimpleModule(NoNamedClasses.class.getName()).addDeserializer(Class.class, new ClassValue())
			.addKeyDeserializer(Class.class, new ClassKey());
	}

	private static Object refuse(DeserializationContext context) {
		return context.reportInputMismatch(Class.class, "a class cannot be sent; send its name as text");
	}

	@SuppressWarnings("rawtypes")
	private static final class ClassValue extends StdDeserializer<Class> {

		ClassValue() {
			super(Class.class);
		}

		@Override
		public Class<?> deserialize(JsonParser parser, DeserializationContext context) {
			return (Class<?>) refuse(context);
		}

	}

	private static final class ClassKey extends KeyDeserializer {

		@Override
		public Object deserializeKey(String key, DeserializationContext context) {
			return refuse(context);
		}

	}

}
