package io.ipcboot.process;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * An event that a worker logs. It travels as one line of the worker's standard output,
 * whatever line breaks its texts have, so that it cannot get mixed up with other lines.
 * The worker chooses everything in it, also the level: that harms only its own events, as
 * the parent adds who the worker is.
 *
 * @param time when the worker logged it
 * @param level the name of the level
 * @param logger the name of the logger
 * @param thread the name of the thread
 * @param message the message
 * @param context what the worker knew when it logged, such as the MDC
 * @param stackTrace the stack trace as it is printed, or an empty text
 */
public record LoggedEvent(Instant time, String level, String logger, String thread, String message,
		Map<String, String> context, String stackTrace) {

	/**
	 * The property that tells a worker what becomes of its output: the marker of its
	 * events, or {@link #INHERITED}. It is not set if lines go to the application.
	 */
	public static final String PROPERTY = "ipc.parent.log";

	/** The value of the property if the worker shares the streams of its parent. */
	public static final String INHERITED = "inherited";

	/** The largest number of bytes that an event takes, with its marker. */
	static final int MAX_LINE = 64 * 1024;

	/** What is left of the parts of an event that is too long. */
	private static final int SHORT = 4 * 1024;

	private static final int MAX_NAME = 250;

	private static final char SEPARATOR = '\u001f';

	/** Time, level, logger, thread and message; pairs and the stack trace follow. */
	private static final int FIXED_FIELDS = 5;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
		.withZone(ZoneId.systemDefault());

	/**
	 * Write the event as a line.
	 * @param marker what the line begins with
	 * @return the line with its end, in UTF-8
	 */
	public byte[] toLine(String marker) {
		byte[] line = encode(marker);
		return (line.length <= MAX_LINE) ? line : abridged().encode(marker);
	}

	private byte[] encode(String marker) {
		StringBuilder line = new StringBuilder(marker).append(this.time);
		List<String> fields = new ArrayList<>(List.of(this.level, this.logger, this.thread, this.message));
		this.context.forEach((name, value) -> fields.addAll(List.of(name, value)));
		// last, so that no other part is lost with the end of a line
		fields.add(this.stackTrace);
		for (String field : fields) {
			line.append(SEPARATOR);
			escape(field, line);
		}
		return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
	}

	private static void escape(String field, StringBuilder line) {
		for (int i = 0; i < field.length(); i++) {
			char character = field.charAt(i);
			switch (character) {
				case '\n' -> line.append("\\n");
				case '\r' -> line.append("\\r");
				case SEPARATOR -> line.append("\\s");
				case '\\' -> line.append("\\\\");
				default -> line.append(character);
			}
		}
	}

	private LoggedEvent abridged() {
		Map<String, String> shortContext = new LinkedHashMap<>();
		int left = SHORT;
		for (Map.Entry<String, String> entry : this.context.entrySet()) {
			int length = entry.getKey().length() + entry.getValue().length();
			if (length <= left) {
				shortContext.put(entry.getKey(), entry.getValue());
				left -= length;
			}
		}
		return new LoggedEvent(this.time, this.level, UntrustedText.cut(this.logger, MAX_NAME),
				UntrustedText.cut(this.thread, MAX_NAME), UntrustedText.cut(this.message, SHORT), shortContext,
				UntrustedText.cut(this.stackTrace, 2 * SHORT));
	}

	/**
	 * Read an event.
	 * @param marker what the event begins with
	 * @param line a line of output
	 * @return the event, or {@code null} if the line is not one
	 */
	public static @Nullable LoggedEvent parse(String marker, String line) {
		int start = line.indexOf(marker);
		if (start < 0) {
			return null;
		}
		String[] fields = line.substring(start + marker.length()).split(String.valueOf(SEPARATOR), -1);
		if (fields.length <= FIXED_FIELDS || (fields.length - FIXED_FIELDS) % 2 == 0) {
			return null;
		}
		try {
			Instant time = Instant.parse(fields[0]);
			Map<String, String> context = new LinkedHashMap<>();
			for (int i = FIXED_FIELDS; i < fields.length - 1; i += 2) {
				context.put(unescape(fields[i]), unescape(fields[i + 1]));
			}
			return new LoggedEvent(time, unescape(fields[1]), unescape(fields[2]), unescape(fields[3]),
					unescape(fields[4]), context, unescape(fields[fields.length - 1]));
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static String unescape(String field) {
		if (field.indexOf('\\') < 0) {
			return field;
		}
		StringBuilder text = new StringBuilder(field.length());
		for (int i = 0; i < field.length(); i++) {
			char character = field.charAt(i);
			if (character == '\\' && i + 1 < field.length()) {
				i++;
				text.append(switch (field.charAt(i)) {
					case 'n' -> '\n';
					case 'r' -> '\r';
					case 's' -> SEPARATOR;
					default -> field.charAt(i);
				});
			}
			else {
				text.append(character);
			}
		}
		return text.toString();
	}

	/**
	 * Return the event as people read it.
	 * @return lines of text
	 */
	List<String> lines() {
		String text = "%s %-5s [%s] %s : %s\n%s".formatted(TIME.format(this.time), this.level, this.thread, this.logger,
				this.message, this.stackTrace);
		return text.lines().toList();
	}

}
