package io.ipcboot.channel;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

import org.jspecify.annotations.Nullable;

/**
 * A throwable of the other process, read from its printed stack trace. The class that the
 * text names is not loaded.
 */
public final class RemoteThrowable extends Throwable {

	private static final String CAUSE = "Caused by: ";

	private static final String SUPPRESSED = "Suppressed: ";

	/** More than {@link StackTraceText} writes. */
	private static final int MAX_DEPTH = 50;

	private final String description;

	private RemoteThrowable(String description) {
		super(messageOf(description));
		this.description = description;
	}

	private static @Nullable String messageOf(String description) {
		int colon = description.indexOf(": ");
		return (colon < 0) ? null : description.substring(colon + 2);
	}

	/**
	 * Read a stack trace.
	 * @param text the stack trace as it is printed, perhaps cut
	 * @param origin where it happened, added to the description
	 * @return a throwable that prints the same stack trace
	 */
	public static RemoteThrowable parse(String text, String origin) {
		Lines lines = new Lines(text);
		return read(lines, "", lines.next() + origin, new StackTraceElement[0], 0);
	}

	private static RemoteThrowable read(Lines lines, String indent, String firstLine, StackTraceElement[] enclosing,
			int depth) {
		StringBuilder description = new StringBuilder(firstLine);
		while (lines.hasNext() && !isStructure(lines.peek(), indent)) {
			// the message has several lines
			description.append("\n\t").append(lines.next().strip());
		}
		RemoteThrowable result = new RemoteThrowable(description.toString());
		StackTraceElement[] frames = frames(lines, indent, enclosing);
		result.setStackTrace(frames);
		if (depth == MAX_DEPTH) {
			return result;
		}
		while (lines.hasNext() && lines.peek().startsWith(indent + "\t" + SUPPRESSED)) {
			String line = lines.next().substring(indent.length() + 1 + SUPPRESSED.length());
			result.addSuppressed(read(lines, indent + "\t", line, frames, depth + 1));
		}
		if (lines.hasNext() && lines.peek().startsWith(indent + CAUSE)) {
			String line = lines.next().substring(indent.length() + CAUSE.length());
			result.initCause(read(lines, indent, line, frames, depth + 1));
		}
		return result;
	}

	/** Return whether a line belongs to this throwable or ends it. */
	private static boolean isStructure(String line, String indent) {
		String rest = line.strip();
		return (line.startsWith("\t") && (rest.startsWith("at ") || rest.startsWith("... ")))
				|| line.startsWith(indent + CAUSE) || rest.startsWith(SUPPRESSED)
				|| (!indent.isEmpty() && !line.startsWith(indent));
	}

	private static StackTraceElement[] frames(Lines lines, String indent, StackTraceElement[] enclosing) {
		List<StackTraceElement> frames = new ArrayList<>();
		String begin = indent + "\t";
		while (lines.hasNext() && lines.peek().startsWith(begin) && (lines.peek().startsWith("at ", begin.length())
				|| lines.peek().startsWith("... ", begin.length()))) {
			String line = lines.next().substring(begin.length());
			if (line.startsWith("at ")) {
				frames.add(frame(line.substring("at ".length())));
			}
			else if (line.endsWith(" more")) {
				int common = Math.min(number(line), enclosing.length);
				frames.addAll(List.of(enclosing).subList(enclosing.length - common, enclosing.length));
				// always the last line, and repeated ones would multiply the frames
				break;
			}
			else {
				frames.add(new StackTraceElement("(" + line.substring("... ".length()) + ")", "", null, -1));
			}
		}
		return frames.toArray(StackTraceElement[]::new);
	}

	/** Read a frame such as {@code app//a.b.C.m(C.java:12)}. */
	private static StackTraceElement frame(String line) {
		int open = line.lastIndexOf('(');
		String call = (open < 0) ? line : line.substring(0, open);
		String place = (open < 0) ? "" : line.substring(open + 1, Math.max(open + 1, line.length() - 1));
		int dot = call.lastIndexOf('.');
		String type = call.substring(0, Math.max(dot, 0));
		String method = call.substring(dot + 1);
		if (place.equals("Native Method")) {
			return new StackTraceElement(type, method, null, -2);
		}
		int colon = place.lastIndexOf(':');
		String file = place.equals("Unknown Source") ? null : (colon < 0) ? place : place.substring(0, colon);
		return new StackTraceElement(type, method, file, (colon < 0) ? -1 : number(place.substring(colon)));
	}

	/** Return the digits of a text as a number. */
	private static int number(String text) {
		int number = 0;
		for (int i = 0; i < text.length() && number < 1_000_000; i++) {
			int digit = text.charAt(i) - '0';
			number = (digit >= 0 && digit <= 9) ? number * 10 + digit : number;
		}
		return number;
	}

	/**
	 * Return the name of the class that the text names.
	 * @return the part of the description before the message
	 */
	public String type() {
		int colon = this.description.indexOf(':');
		return (colon < 0) ? this.description : this.description.substring(0, colon);
	}

	@Override
	public String toString() {
		return this.description;
	}

	/** The lines of a text, of which the next one can be seen before it is taken. */
	private static final class Lines implements Iterator<String> {

		private final Iterator<String> lines;

		private @Nullable String next;

		Lines(String text) {
			this.lines = text.lines().iterator();
			advance();
		}

		private void advance() {
			this.next = this.lines.hasNext() ? this.lines.next() : null;
		}

		@Override
		public boolean hasNext() {
			return this.next != null;
		}

		String peek() {
			if (this.next == null) {
				throw new NoSuchElementException();
			}
			return this.next;
		}

		@Override
		public String next() {
			String line = peek();
			advance();
			return line;
		}

	}

}
