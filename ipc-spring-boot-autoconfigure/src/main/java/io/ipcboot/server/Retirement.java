package io.ipcboot.server;

import org.jspecify.annotations.Nullable;

/**
 * A worker's request to be replaced.
 *
 * @param reason why it is to be replaced
 */
public record Retirement(@Nullable String reason) {

	private static final int MAX_LENGTH = 200;

	/**
	 * The reason in a form that fits in one line of the log, whatever the worker sent.
	 */
	String printableReason() {
		if (this.reason == null) {
			return "it asked for it";
		}
		boolean tooLong = this.reason.length() > MAX_LENGTH;
		String start = tooLong ? this.reason.substring(0, MAX_LENGTH) : this.reason;
		return start.replaceAll("\\p{Cntrl}", " ") + (tooLong ? "..." : "");
	}

}
