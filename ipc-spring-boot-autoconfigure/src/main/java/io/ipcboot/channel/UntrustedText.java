package io.ipcboot.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Makes text that another process chose fit for a log, an exception message and a
 * terminal: characters that end a line, control a terminal or change the direction of
 * writing are escaped, and long text is cut.
 */
public final class UntrustedText {

	/** How much of the output of a process is quoted at most, in characters. */
	public static final int MAX_QUOTE = 4 * 1024;

	/** The shortest beginning of a line that is worth a quote. */
	private static final int MIN_CUT = 200;

	/** The beginning of a line that could be taken for a line of a log. */
	private static final Pattern FURTHER_LINE = Pattern.compile("\\n\\S");

	private UntrustedText() {
	}

	/**
	 * Return a text as one line.
	 * @param text the text
	 * @return the text without a character that could end the line
	 */
	public static String line(@Nullable String text) {
		return escape(String.valueOf(text), false);
	}

	/**
	 * Return a name, such as that of a destination, in quotes and as one line.
	 * @param name the name
	 * @return the name as texts for people have it
	 */
	public static String name(String name) {
		return "'" + line(name) + "'";
	}

	/**
	 * Return a text that may have several lines.
	 * @param text the text
	 * @return the text; line feeds are kept, and no other character could end a line
	 */
	public static String lines(String text) {
		return escape(text, true);
	}

	/**
	 * Return a text that may have several lines, of which only the first one begins like
	 * a line of a log.
	 * @param text the text
	 * @return the text with all lines after the first one indented
	 */
	public static String indented(@Nullable String text) {
		return lines(String.valueOf(text)).replace("\n", "\n\t");
	}

	/**
	 * Return whether a text is fit for a log as it is.
	 * @param text the text
	 * @return {@code false} if it controls something, or has a further line that is not
	 * indented
	 */
	public static boolean isHarmless(String text) {
		return text.chars().noneMatch((character) -> isHarmful(character, true)) && !FURTHER_LINE.matcher(text).find();
	}

	/**
	 * Return the beginning of a text.
	 * @param text the text
	 * @param length the largest number of characters
	 * @return the text, or its beginning and an ellipsis
	 */
	public static String cut(String text, int length) {
		if (text.length() <= length) {
			return text;
		}
		int end = Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
		return text.substring(0, end) + "…";
	}

	/**
	 * Return the last lines of a text that are worth a quote.
	 * @param lines all lines
	 * @return the last lines that have {@value #MAX_QUOTE} characters together; the first
	 * one may be cut
	 */
	public static List<String> end(List<String> lines) {
		int first = lines.size();
		int left = MAX_QUOTE;
		while (first > 0 && lines.get(first - 1).length() < left) {
			first--;
			left -= lines.get(first).length() + 1;
		}
		List<String> end = new ArrayList<>(lines.subList(first, lines.size()));
		if (first > 0 && left >= MIN_CUT) {
			end.add(0, cut(lines.get(first - 1), left));
		}
		return end;
	}

	/**
	 * Quote the last lines that a process printed.
	 * @param lines the lines
	 * @return one line after the other, each on an indented line of its own
	 */
	public static String quote(List<String> lines) {
		return end(end(lines).stream().map(UntrustedText::line).toList()).stream()
			.map((line) -> "\n\t" + line)
			.collect(Collectors.joining());
	}

	private static String escape(String text, boolean lineFeeds) {
		if (text.chars().noneMatch((character) -> isHarmful(character, lineFeeds))) {
			return text;
		}
		StringBuilder escaped = new StringBuilder(text.length() + 16);
		text.chars().forEach((character) -> {
			if (isHarmful(character, lineFeeds)) {
				escaped.append("\\u%04x".formatted(character));
			}
			else {
				escaped.append((char) character);
			}
		});
		return escaped.toString();
	}

	/**
	 * Return whether a character is a control character, separates lines or paragraphs,
	 * or marks, embeds, overrides or isolates a direction of writing.
	 */
	private static boolean isHarmful(int character, boolean lineFeeds) {
		if (Character.isISOControl(character)) {
			return character != '\t' && !(lineFeeds && character == '\n');
		}
		return (character >= 0x2028 && character <= 0x202e) || (character >= 0x2066 && character <= 0x2069)
				|| character == 0x200e || character == 0x200f || character == 0x061c;
	}

}
