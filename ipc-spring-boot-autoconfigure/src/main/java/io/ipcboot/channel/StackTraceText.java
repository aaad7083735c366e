package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Writes a stack trace as {@link Throwable#printStackTrace()} does, but with further
 * lines of messages indented, and never more than a given number of characters: frames in
 * the middle are left out before causes are, since the last cause is what people look
 * for. Never throws, whatever the failure does.
 */
public final class StackTraceText {

	private static final int MAX_CAUSES = 20;

	private static final int MAX_SUPPRESSED = 3;

	private static final int MAX_MESSAGE = 1000;

	/** How many frames of a throwable are written, if fewer would not fit. */
	private static final int[] FRAMES = { 200, 60, 30, 15, 7, 3, 1 };

	private final StringBuilder text = new StringBuilder();

	private final int frames;

	private final int maxMessage;

	private StackTraceText(int frames, int maxMessage) {
		this.frames = frames;
		this.maxMessage = maxMessage;
	}

	/**
	 * Write the stack trace of a failure.
	 * @param failure the failure
	 * @param maxLength the largest number of characters
	 * @return the stack trace, with messages of at most {@value #MAX_MESSAGE} characters
	 */
	public static String of(Throwable failure, int maxLength) {
		return of(failure, maxLength, MAX_MESSAGE);
	}

	/**
	 * Write the stack trace of a failure.
	 * @param failure the failure
	 * @param maxLength the largest number of characters
	 * @param maxMessage the largest number of characters of a message, as long as all
	 * frames fit
	 * @return the stack trace
	 */
	public static String of(Throwable failure, int maxLength, int maxMessage) {
		String text = "";
		for (int frames : FRAMES) {
			StackTraceText attempt = new StackTraceText(frames, (frames == FRAMES[0]) ? maxMessage : MAX_MESSAGE);
			attempt.write("", "", failure, new StackTraceElement[0], 0);
			text = attempt.text.toString();
			if (text.length() <= maxLength) {
				return text;
			}
		}
		return UntrustedText.cut(text, maxLength - 1);
	}

	/**
	 * Describe a failure in one line or more.
	 * @param failure the failure
	 * @return its class and message, at most {@value #MAX_MESSAGE} characters
	 */
	public static String describe(Throwable failure) {
		return describe(failure, MAX_MESSAGE);
	}

	private static String describe(Throwable failure, int maxMessage) {
		try {
			return UntrustedText.cut(failure.toString(), maxMessage);
		}
		catch (Throwable ex) {
			return "%s (which cannot be printed: %s)".formatted(failure.getClass().getName(), ex.getClass().getName());
		}
	}

	private void write(String indent, String caption, Throwable failure, StackTraceElement[] enclosing, int depth) {
		// a further line of a message must not look like a cause, nor like the end
		String description = describe(failure, this.maxMessage).replace("\n", "\n" + indent + "\t");
		this.text.append(indent).append(caption).append(description).append('\n');
		StackTraceElement[] trace = failure.getStackTrace();
		int common = common(trace, enclosing);
		int own = trace.length - common;
		int omitted = (own > this.frames) ? own - this.frames : 0;
		int first = (this.frames + 1) / 2;
		for (int i = 0; i < own; i++) {
			if (omitted > 0 && i == first) {
				this.text.append(indent).append("\t... ").append(omitted).append(" omitted\n");
				i += omitted;
			}
			if (i < own) {
				this.text.append(indent).append("\tat ").append(trace[i]).append('\n');
			}
		}
		if (common > 0) {
			this.text.append(indent).append("\t... ").append(common).append(" more\n");
		}
		if (depth < MAX_CAUSES) {
			writeOthers(indent, failure, trace, depth + 1);
		}
	}

	private void writeOthers(String indent, Throwable failure, StackTraceElement[] trace, int depth) {
		Throwable[] suppressed = failure.getSuppressed();
		for (int i = 0; i < Math.min(suppressed.length, MAX_SUPPRESSED); i++) {
			write(indent + "\t", "Suppressed: ", suppressed[i], trace, Math.max(depth, MAX_CAUSES - 2));
		}
		Throwable cause = cause(failure);
		if (cause != null) {
			write(indent, "Caused by: ", cause, trace, depth);
		}
	}

	private static @Nullable Throwable cause(Throwable failure) {
		try {
			return failure.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	private static int common(StackTraceElement[] trace, StackTraceElement[] enclosing) {
		int common = 0;
		while (common < Math.min(trace.length, enclosing.length)
				&& trace[trace.length - 1 - common].equals(enclosing[enclosing.length - 1 - common])) {
			common++;
		}
		return common;
	}

}
