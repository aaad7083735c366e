package io.ipcboot.server;

import org.jspecify.annotations.Nullable;

/**
 * A worker's wish to be replaced.
 *
 * @param reason why
 */
public record Retirement(@Nullable String reason) {

	private static final int MAX_LENGTH = 200;

	/** Fit for a line of the log, whatever the worker has sent. */
	String printableReason() {
		if (this.reason == null) {
			return "it says so";
		}
		String printable = this.reason.replaceAll("\\p{Cntrl}", " ");
		return (printable.length() <= MAX_LENGTH) ? printable : printable.substring(0, MAX_LENGTH) + "...";
	}

}
