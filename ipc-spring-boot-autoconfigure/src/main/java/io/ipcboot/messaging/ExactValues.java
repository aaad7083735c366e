package io.ipcboot.messaging;

import java.io.File;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Time;
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
 * calendars lose their zone, timestamps their nanoseconds, zones their rules, relative
 * paths are made absolute, addresses become names that the reader has to look up.
 */
final class ExactValues {

	private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(?!$)|$)){4}");

	private ExactValues() {
	}

	static SimpleModule module() {
		SimpleModule module = new SimpleModule(ExactValues.class.getName());
		module.addSerializer(new Writer<>(Calendar.class, ExactValues::text));
		module.addSerializer(new Writer<>(TimeZone.class, ExactValues::text));
		module.addSerializer(new Writer<>(InetSocketAddress.class, ExactValues::text));
		module.addDeserializer(InetSocketAddress.class, new Reader<>(InetSocketAddress.class, ExactValues::address));
		module.addDeserializer(Calendar.class, new Reader<>(Calendar.class, ExactValues::calendar));
		module.addDeserializer(GregorianCalendar.class, new Reader<>(GregorianCalendar.class, ExactValues::calendar));
		module.addSerializer(new Writer<>(File.class, File::getPath));
		module.addSerializer(new Writer<>(InetAddress.class, InetAddress::getHostAddress));
		module.addSerializer(new Writer<>(Path.class, ExactValues::text));
		module.addDeserializer(Path.class, new Reader<>(Path.class, ExactValues::path));
		module.addSerializer(new Writer<>(Pattern.class, ExactValues::text));
		if (ClassUtils.isPresent("java.sql.Timestamp", ExactValues.class.getClassLoader())) {
			SqlTimes.addTo(module);
		}
		return module;
	}

	private static @Nullable String text(Calendar calendar) {
		if (calendar.getClass() != GregorianCalendar.class) {
			return null;
		}
		String text = ((GregorianCalendar) calendar).toZonedDateTime().toString();
		// it may have a zone, a change from Julian dates or weeks of its own
		return calendar(text).equals(calendar) ? text : null;
	}

	private static GregorianCalendar calendar(String text) {
		ZonedDateTime time = ZonedDateTime.parse(text);
		GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone(time.getZone()));
		calendar.setTimeInMillis(time.toInstant().toEpochMilli());
		return calendar;
	}

	/** A zone with rules of its own may have any name. */
	private static @Nullable String text(TimeZone zone) {
		return TimeZone.getTimeZone(zone.getID()).equals(zone) ? zone.getID() : null;
	}

	private static @Nullable String text(InetSocketAddress address) {
		InetAddress resolved = address.getAddress();
		if (resolved == null) {
			// the reader would take such a name for an address
			return isNumeric(address.getHostString()) ? null : address.getHostString() + ":" + address.getPort();
		}
		String host = resolved.getHostAddress();
		return ((resolved instanceof Inet6Address) ? "[" + host + "]" : host) + ":" + address.getPort();
	}

	/** A name stays unresolved: the reader looks up nothing. */
	private static InetSocketAddress address(String text) {
		int colon = text.lastIndexOf(':');
		String host = text.substring(0, Math.max(0, colon));
		int port = Integer.parseInt(text.substring(colon + 1));
		if (!isNumeric(host)) {
			return InetSocketAddress.createUnresolved(host, port);
		}
		try {
			return new InetSocketAddress(InetAddress.getByName(host), port);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static boolean isNumeric(String host) {
		return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
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
	private static final class SqlTimes {

		static void addTo(SimpleModule module) {
			module.addSerializer(new Writer<>(Timestamp.class, (timestamp) -> timestamp.toInstant().toString()));
			module.addDeserializer(Timestamp.class,
					new Reader<>(Timestamp.class, (text) -> Timestamp.from(Instant.parse(text))));
			module.addSerializer(new Writer<>(Time.class, SqlTimes::text));
			module.addDeserializer(Time.class, new Reader<>(Time.class, SqlTimes::time));
			module.addSerializer(new Writer<>(Date.class, SqlTimes::text));
			module.addDeserializer(Date.class, new Reader<>(Date.class, SqlTimes::date));
		}

		/** A time is on a day, usually the first one, and has milliseconds. */
		private static String text(Time time) {
			String text = time.toString();
			return Time.valueOf(text).equals(time) ? text : Instant.ofEpochMilli(time.getTime()).toString();
		}

		private static Time time(String text) {
			return (text.indexOf('T') < 0) ? Time.valueOf(text) : new Time(Instant.parse(text).toEpochMilli());
		}

		/** A date may have a time of the day. */
		private static String text(Date date) {
			String text = date.toString();
			return Date.valueOf(text).equals(date) ? text : Instant.ofEpochMilli(date.getTime()).toString();
		}

		private static Date date(String text) {
			return (text.indexOf('T') < 0) ? Date.valueOf(text) : new Date(Instant.parse(text).toEpochMilli());
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
