package io.ipcboot.messaging;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import io.ipcboot.channel.Content;
import io.ipcboot.channel.UntrustedText;
import io.ipcboot.channel.WellFormedText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.ByteArrayBuilder;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.function.SingletonSupplier;

/**
 * Converts values to payloads and back. {@code byte[]}, {@link ByteBuffer} and text
 * travel as they are, everything else as JSON. A payload from the other side is read with
 * strict limits, and never determines which class is created.
 */
public final class PayloadConverter {

	/**
	 * The minimum average length of tokens if there are many: a short token may become an
	 * object that takes many times its length in memory.
	 */
	private static final int BYTES_PER_TOKEN = 4;

	private static final int MIN_TOKENS = 100_000;

	private static final int MAX_NESTING = 200;

	private static final int MAX_NAME_LENGTH = 1000;

	private static final int MAX_NUMBER_LENGTH = 1000;

	private final SingletonSupplier<Json> json;

	private final int maxLength;

	/**
	 * Create a converter.
	 * @param mapper what the application says about its types; a copy of it is used, with
	 * settings of its own
	 * @param maxLength the largest payload that is read, in bytes
	 */
	public PayloadConverter(JsonMapper mapper, int maxLength) {
		this(() -> mapper, maxLength);
		prepare();
	}

	/**
	 * Create a converter that is prepared when it is first needed, or by
	 * {@link #prepare()}.
	 * @param mapper returns the mapper; called once
	 * @param maxLength the largest payload that is read, in bytes
	 */
	public PayloadConverter(Supplier<JsonMapper> mapper, int maxLength) {
		this.maxLength = maxLength;
		this.json = SingletonSupplier.of(() -> prepare(mapper.get()));
	}

	/**
	 * Prepare now, so that the first conversion does not have to wait.
	 */
	public void prepare() {
		this.json.obtain();
	}

	private Json prepare(JsonMapper mapper) {
		JsonMapper own = PayloadMapper.from(mapper);
		return new Json(own, own.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS),
				JsonFactory.builder()
					.streamReadConstraints(StreamReadConstraints.builder()
						.maxNestingDepth(MAX_NESTING)
						.maxNameLength(MAX_NAME_LENGTH)
						.maxNumberLength(MAX_NUMBER_LENGTH)
						.maxStringLength(this.maxLength)
						.maxDocumentLength(this.maxLength)
						.maxTokenCount(Math.max(MIN_TOKENS, this.maxLength / BYTES_PER_TOKEN))
						.build())
					.build());
	}

	private JsonMapper mapper() {
		return this.json.obtain().mapper;
	}

	/**
	 * Convert a value to a payload. Mutable bytes are copied, so the caller may change
	 * them afterwards.
	 */
	Payload write(@Nullable Object value) {
		if (value == null) {
			return Payload.NULL;
		}
		if (value instanceof Optional<?> optional) {
			return write(optional.orElse(null));
		}
		if (value instanceof byte[] bytes) {
			return new Payload(Content.BYTES, bytes.clone());
		}
		if (value instanceof ByteBuffer buffer) {
			byte[] bytes = new byte[buffer.remaining()];
			buffer.duplicate().get(bytes);
			return new Payload(Content.BYTES, bytes);
		}
		if (value instanceof CharSequence text) {
			return text(text.toString());
		}
		return new Payload(Content.JSON, json(value));
	}

	/**
	 * Convert the values of an event to a payload.
	 */
	Payload writeValues(List<@Nullable Object> values) {
		ByteArrayBuilder bytes = new ByteArrayBuilder();
		try (JsonGenerator generator = mapper().createGenerator(bytes)) {
			generator.writeStartArray();
			for (Object value : values) {
				// each on its own, so that it carries the name of its subtype, if any
				mapper().writeValue(generator, value);
			}
			generator.writeEndArray();
		}
		catch (JacksonException | StackOverflowError ex) {
			throw new PayloadConversionException("the values cannot be written as JSON: " + reason(ex), ex);
		}
		return new Payload(Content.VALUES, bytes.toByteArray());
	}

	private Payload text(String value) {
		// JSON escapes what UTF-8 cannot express
		return WellFormedText.isWellFormed(value) ? new Payload(Content.TEXT, value.getBytes(StandardCharsets.UTF_8))
				: new Payload(Content.JSON, json(value));
	}

	private byte[] json(Object value) {
		try {
			return mapper().writeValueAsBytes(value);
		}
		catch (JacksonException | StackOverflowError ex) {
			throw new PayloadConversionException(
					"a %s cannot be written as JSON: %s".formatted(value.getClass().getName(), reason(ex)), ex);
		}
	}

	/**
	 * Convert a payload to a value of the given type.
	 */
	@Nullable Object read(Payload payload, Type target) {
		JavaType type = mapper().constructType(target);
		if (type.hasRawClass(Void.class) || type.hasRawClass(void.class)) {
			return null;
		}
		if (type.hasRawClass(Optional.class)) {
			return Optional.ofNullable(read(payload, type.containedTypeOrUnknown(0)));
		}
		if (payload.content() == Content.NULL) {
			return null;
		}
		return switch (payload.content()) {
			case BYTES -> readBytes(payload.bytes(), type);
			case TEXT -> readText(payload.bytes(), type);
			case VALUES -> type.isContainerType() || type.isJavaLangObject() ? parse(payload.bytes(), type)
					: readValues(payload, new Type[] { target })[0];
			default -> parse(payload.bytes(), type);
		};
	}

	/**
	 * Convert the values of an event to the given types. Missing values are {@code null},
	 * surplus values are ignored.
	 */
	@Nullable Object[] readValues(Payload payload, Type[] targets) {
		@Nullable Object[] values = new Object[targets.length];
		Json prepared = this.json.obtain();
		JavaType type = prepared.mapper.constructType(Object.class);
		try (JsonParser parser = parser(payload.bytes())) {
			if (parser.nextToken() != JsonToken.START_ARRAY) {
				throw new PayloadConversionException("the values of an event are not a JSON array", null);
			}
			for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
				if (i < targets.length) {
					type = prepared.mapper.constructType(targets[i]);
					values[i] = prepared.elementReader.forType(type).readValue(parser);
				}
				else {
					parser.skipChildren();
				}
			}
			return values;
		}
		catch (JacksonException | StackOverflowError ex) {
			throw unreadable(type, ex);
		}
	}

	private @Nullable Object readBytes(byte[] bytes, JavaType type) {
		if (type.getRawClass().isAssignableFrom(byte[].class)) {
			return bytes;
		}
		if (type.hasRawClass(ByteBuffer.class)) {
			return ByteBuffer.wrap(bytes);
		}
		if (type.hasRawClass(InputStream.class)) {
			return new ByteArrayInputStream(bytes);
		}
		throw new PayloadConversionException("bytes were sent, which cannot be converted to " + type.toCanonical(),
				null);
	}

	private @Nullable Object readText(byte[] bytes, JavaType type) {
		if (type.hasRawClass(byte[].class)) {
			return bytes;
		}
		String text = new String(bytes, StandardCharsets.UTF_8);
		return type.getRawClass().isAssignableFrom(String.class) ? text : convert(text, type);
	}

	private @Nullable Object convert(@Nullable Object value, JavaType type) {
		try {
			return mapper().convertValue(value, type);
		}
		catch (JacksonException | IllegalArgumentException | StackOverflowError ex) {
			throw unreadable(type, ex);
		}
	}

	private @Nullable Object parse(byte[] bytes, JavaType type) {
		try (JsonParser parser = parser(bytes)) {
			return mapper().readValue(parser, type);
		}
		catch (JacksonException | StackOverflowError ex) {
			throw unreadable(type, ex);
		}
	}

	private JsonParser parser(byte[] bytes) {
		return this.json.obtain().strict.createParser(ObjectReadContext.empty(), bytes);
	}

	private static PayloadConversionException unreadable(JavaType type, Throwable cause) {
		return new PayloadConversionException(
				"the payload cannot be converted to %s: %s".formatted(type.toCanonical(), reason(cause)), cause);
	}

	private static String reason(Throwable cause) {
		if (cause instanceof StackOverflowError) {
			return "the stack overflowed";
		}
		// it may quote the payload
		return UntrustedText
			.indented((cause instanceof JacksonException jackson) ? jackson.getOriginalMessage() : cause.getMessage());
	}

	/**
	 * The objects of Jackson; a JVM that has just started takes some time to create them.
	 */
	private record Json(JsonMapper mapper, ObjectReader elementReader, JsonFactory strict) {

	}

}
