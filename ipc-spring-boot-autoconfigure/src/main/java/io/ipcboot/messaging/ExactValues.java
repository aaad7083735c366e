package io.ipcboot.messaging;

import java.io.File;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

import org.springframework.util.ClassUtils;

/**
 * JSON forms of types of the Java platform that Jackson does not keep as they are:
 * calendars lose their zone, timestamps their nanoseconds, relative paths are made
 * absolute, addresses become names that the reader has to look up.
 */
final class ExactValues {

	private ExactValues() {
	}

	static SimpleModule module() {
		SimpleModule module = new SimpleModule(ExactValues.class.getName());
		module.addSerializer(new Writer<>(Calendar.class, ExactValues::text));
		module.addDeserializer(Calendar.class, new Reader<>(Calendar.class, ExactValues::calendar));
		module.addDeserializer(GregorianCalendar.class, new Reader<>(GregorianCalendar.class, ExactValues::calendar));
		module.addSerializer(new Writer<>(File.class, File::getPath));
		module.addSerializer(new Writer<>(InetAddress.class, InetAddress::getHostAddress));
		module.addSerializer(new Writer<>(Path.class, ExactValues::text));
		module.addDeserializer(Path.class, new Reader<>(Path.class, ExactValues::path));
		module.addSerializer(new Writer<>(Pattern.class, ExactValues::text));
		if (ClassUtils.isPresent("java.sql.Timestamp", ExactValues.class.getClassLoader())) {
			Timestamps.addTo(module);
		}
		return module;
	}

	private static @Nullable String text(Calendar calendar) {
		return (calendar.getClass() == GregorianCalendar.class)
				? ((GregorianCalendar) calendar).toZonedDateTime().toString() : null;
	}

	private static GregorianCalendar calendar(String text) {
		ZonedDateTime time = ZonedDateTime.parse(text);
		GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone(time.getZone()));
		calendar.setTimeInMillis(time.toInstant().toEpochMilli());
		return calendar;
	}

	private static String text(Path path) {
		boolean usual = path.getFileSystem() == FileSystems.getDefault();
		return usual ? path.toString() : path.toUri().toString();
	}

	private static Path path(String text) {
		// a path of another file system has a scheme of two letters or more
		return (text.indexOf(":/") > 1) ? Path.of(URI.create(text)) : Path.of(text);
	}

	private static @Nullable String text(Pattern pattern) {
		return (pattern.flags() == 0) ? pattern.pattern() : null;
	}

	/** The module of SQL is not a part of every Java runtime. */
	private static final class Timestamps {

		static void addTo(SimpleModule module) {
			module.addSerializer(new Writer<>(Timestamp.class, (timestamp) -> timestamp.toInstant().toString()));
			module.addDeserializer(Timestamp.class,
					new Reader<>(Timestamp.class, (text) -> Timestamp.from(Instant.parse(text))));
		}

	}

	private static final class Writer<T> extends StdSerializer<T> {

		private final transient Function<T, @Nullable String> text;

		/**
		 * @param text returns {@code null} for a value that text cannot stand for
		 */
		Writer(Class<T> type, Function<T, @Nullable String> text) {
			super(type);
			this.text = text;
		}

		@Override
		public void serialize(T value, JsonGenerator generator, SerializationContext context) {
			String written = this.text.apply(value);
			if (written == null) {
				context.reportBadDefinition(value.getClass(),
						"this %s has properties that are not sent. Send its content".formatted(_handledType.getName()));
			}
			generator.writeString(written);
		}

	}

	private static final class Reader<T> extends StdDeserializer<T> {

		private final transient Function<String, ? extends T> value;

		Reader(Class<T> type, Function<String, ? extends T> value) {
			super(type);
			this.value = value;
		}

		@Override
		@SuppressWarnings("unchecked")
		public T deserialize(JsonParser parser, DeserializationContext context) {
			String text = parser.getString();
			try {
				return this.value.apply(text);
			}
			catch (RuntimeException ex) {
				return (T) context.handleWeirdStringValue(handledType(), text, "%s", ex.getMessage());
			}
		}

	}

}
