package io.ipcboot.messaging;

import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.TimeZone;

import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DatatypeFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.util.StdDateFormat;

import org.springframework.beans.BeanUtils;

/**
 * Creates the mapper of payloads from that of the application. What the application says
 * about its types stays: modules, mix-ins, subtypes. What it says about the form of its
 * JSON for others does not count, as that may change values: both sides of a channel are
 * one build, and a payload is to arrive as it was, or to be refused.
 */
final class PayloadMapper {

	private PayloadMapper() {
	}

	/**
	 * Create a mapper of payloads.
	 * @param application the mapper of the application, which is not changed
	 */
	static JsonMapper from(JsonMapper application) {
		JsonMapper.Builder builder = application.rebuild();
		resetFeatures(builder);
		builder.annotationIntrospector(new PayloadAnnotations(builder.annotationIntrospector()))
			.changeDefaultPropertyInclusion((inclusion) -> PayloadAnnotations.ALL_INCLUDED)
			.propertyNamingStrategy(null)
			.enumNamingStrategy(null)
			.defaultDateFormat(StdDateFormat.instance)
			.defaultTimeZone(TimeZone.getTimeZone("UTC"))
			.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS)
			.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.disable(EnumFeature.READ_ENUMS_USING_TO_STRING, EnumFeature.WRITE_ENUMS_USING_TO_STRING)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE,
					DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID)
			.deactivateDefaultTyping()
			.polymorphicTypeValidator(new NoNamedClasses())
			.addModules(NoNamedClasses.module(), ExactValues.module(), completeness());
		return builder.build();
	}

	private static void resetFeatures(JsonMapper.Builder builder) {
		Arrays.stream(MapperFeature.values()).forEach((each) -> builder.configure(each, each.enabledByDefault()));
		Arrays.stream(SerializationFeature.values())
			.forEach((each) -> builder.configure(each, each.enabledByDefault()));
		Arrays.stream(DeserializationFeature.values())
			.forEach((each) -> builder.configure(each, each.enabledByDefault()));
		for (DatatypeFeature[] features : new DatatypeFeature[][] { DateTimeFeature.values(), EnumFeature.values(),
				JsonNodeFeature.values() }) {
			Arrays.stream(features).forEach((each) -> builder.configure(each, each.enabledByDefault()));
		}
		Arrays.stream(StreamReadFeature.values()).forEach((each) -> builder.configure(each, each.enabledByDefault()));
		Arrays.stream(StreamWriteFeature.values()).forEach((each) -> builder.configure(each, each.enabledByDefault()));
		Arrays.stream(JsonReadFeature.values()).forEach((each) -> builder.configure(each, each.enabledByDefault()));
		Arrays.stream(JsonWriteFeature.values()).forEach((each) -> builder.configure(each, each.enabledByDefault()));
	}

	private static SimpleModule completeness() {
		return new SimpleModule(PayloadMapper.class.getName()).setSerializerModifier(new CompleteState())
			.setDeserializerModifier(new DerivedProperties());
	}

	/**
	 * Skips what only a getter of the wanted type returns: the receiver derives it from
	 * the rest, as the sender did.
	 */
	private static final class DerivedProperties extends ValueDeserializerModifier {

		@Override
		public BeanDeserializerBuilder updateBuilder(DeserializationConfig config, BeanDescription.Supplier description,
				BeanDeserializerBuilder builder) {
			for (BeanPropertyDefinition property : description.get().findProperties()) {
				if (property.hasGetter() && !builder.hasProperty(property.getFullName())) {
					builder.addIgnorable(property.getName());
				}
			}
			if (builder.getBuildMethod() != null) {
				skipGettersOf(builder.getBuildMethod().getRawReturnType(), builder);
			}
			return builder;
		}

		private static void skipGettersOf(Class<?> built, BeanDeserializerBuilder builder) {
			Arrays.stream(BeanUtils.getPropertyDescriptors(built))
				.map(PropertyDescriptor::getName)
				.filter((name) -> !builder.hasProperty(new PropertyName(name)))
				.forEach(builder::addIgnorable);
		}

	}

	/**
	 * Keeps JSON from naming classes, whatever the annotations of the wanted type allow:
	 * the other process must not decide which classes are loaded. Subtypes that have
	 * names of their own ({@code JsonTypeInfo.Id.NAME}) are not affected.
	 */
	private static final class NoNamedClasses extends PolymorphicTypeValidator {

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
		 * Return a module that refuses to read values and keys of type {@link Class}.
		 */
		static JacksonModule module() {
			return new SimpleModule(NoNamedClasses.class.getName()).addDeserializer(Class.class, new NamedValue())
				.addKeyDeserializer(Class.class, new NamedKey());
		}

		private static Object refuse(DeserializationContext context) {
			return context.reportInputMismatch(Class.class, "a class cannot be sent; send its name as text");
		}

		@SuppressWarnings("rawtypes")
		private static final class NamedValue extends StdDeserializer<Class> {

			NamedValue() {
				super(Class.class);
			}

			@Override
			public Class<?> deserialize(JsonParser parser, DeserializationContext context) {
				return (Class<?>) refuse(context);
			}

		}

		private static final class NamedKey extends KeyDeserializer {

			@Override
			public Object deserializeKey(String key, DeserializationContext context) {
				return refuse(context);
			}

		}

	}

}
