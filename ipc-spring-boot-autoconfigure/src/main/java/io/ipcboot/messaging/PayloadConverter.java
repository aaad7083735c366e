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
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.function.SingletonSupplier;

/**
 * Turns values into payloads and back. {@code byte[]}, {@link ByteBuffer} and text travel
 * as they are, everything else as JSON. What comes from the other side is read with
 * strict limits, and never decides which class is created.
 */
public final class PayloadConverter {

	/**
	 * A token may become an object that takes many times its length in memory; if there
	 * are many, so long they have to be on average.
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
	 * @param mapper how values look as JSON; default typing is switched off
	 * @param maxLength the largest payload that is read, in bytes
	 */
	public PayloadConverter(JsonMapper mapper, int maxLength) {
		this(() -> mapper, maxLength);
		prepare();
	}

	/**
	 * Create a converter that is prepared when it is first needed, or by
	 * {@link #prepare()}.
	 * @param mapper asked for once
	 * @param maxLength the largest payload that is read, in bytes
	 */
	public PayloadConverter(Supplier<JsonMapper> mapper, int maxLength) {
		this.maxLength = maxLength;
		this.json = SingletonSupplier.of(() -> prepare(mapper.get()));
	}

	/**
	 * Do what the first conversion would have to wait for.
	 */
	public void prepare() {
		this.json.obtain();
	}

	private Json prepare(JsonMapper mapper) {
		JsonMapper untyped = mapper.rebuild()
			.deactivateDefaultTyping()
			.polymorphicTypeValidator(new NoNamedClasses())
			.addModule(NoNamedClasses.module())
			.build();
		return new Json(untyped, untyped.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS),
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
	 * Turn a value into a payload. Mutable bytes are copied, so the caller may change
	 * them afterwards.
	 */
	Payload write(@Nullable Object value) {
		if (value == null) {
			return Payload.NULL;
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
			return new Payload(Content.TEXT, text.toString().getBytes(StandardCharsets.UTF_8));
		}
		return new Payload(Content.JSON, json(value));
	}

	/**
	 * Turn the values of an event into a payload.
	 */
	Payload writeValues(List<@Nullable Object> values) {
		return new Payload(Content.VALUES, json(values));
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
	 * Turn a payload into a value of the given type.
	 */
	@Nullable Object read(Payload payload, Type target) {
		JavaType type = mapper().constructType(target);
		if (type.hasRawClass(Void.class) || type.hasRawClass(void.class)) {
			return null;
		}
		if (payload.content() == Content.NULL) {
			return type.hasRawClass(Optional.class) ? Optional.empty() : null;
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
	 * Turn the values of an event into values of the given types. Missing ones are
	 * {@code null}, surplus ones are ignored.
	 */
	@Nullable Object[] readValues(Payload payload, Type[] targets) {
		@Nullable Object[] values = new Object[targets.length];
		Json prepared = this.json.obtain();
		JavaType type = prepared.mapper.constructType(Object.class);
		try (JsonParser parser = parser(payload.bytes())) {
			if (parser.nextToken() != JsonToken.START_ARRAY) {
				throw new PayloadConversionException("the values of an event are no JSON array", null);
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
		throw new PayloadConversionException("bytes were sent, which cannot become " + type.toCanonical(), null);
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
				"the payload cannot become %s: %s".formatted(type.toCanonical(), reason(cause)), cause);
	}

	private static @Nullable String reason(Throwable cause) {
		if (cause instanceof StackOverflowError) {
			return "the stack overflows";
		}
		return (cause instanceof JacksonException jackson) ? jackson.getOriginalMessage() : cause.getMessage();
	}

	/** Jackson's part of it, which takes a JVM that has just started some time. */
	private record Json(JsonMapper mapper, ObjectReader elementReader, JsonFactory strict) {

	}

}
