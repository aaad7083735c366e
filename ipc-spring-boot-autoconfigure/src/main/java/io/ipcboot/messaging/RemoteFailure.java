package io.ipcboot.messaging;

import java.util.Map;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.StackTraceText;
import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * A failure as data: what a FAILURE frame carries, in its headers.
 */
record RemoteFailure(Reason reason, String type, String message, String stackTrace) {

	// a char takes at most three bytes in UTF-8, and all headers together at most 60 KiB

	private static final int MAX_TYPE = 1024;

	private static final int MAX_MESSAGE = 4 * 1024;

	private static final int MAX_STACK = 12 * 1024;

	/** Two texts of this length fit into the smallest frame that can be configured. */
	private static final int SHORT_TEXT = 100;

	static RemoteFailure of(Reason reason, Throwable failure) {
		String stack = StackTraceText.of(failure, MAX_STACK);
		return new RemoteFailure(reason, failure.getClass().getName(), message(failure), stack);
	}

	private static String message(Throwable failure) {
		try {
			return String.valueOf(failure.getMessage());
		}
		catch (Throwable ex) {
			return "(its message cannot be read: " + ex.getClass().getName() + ")";
		}
	}

	static RemoteFailure of(Reason reason, String message) {
		return new RemoteFailure(reason, "", message, "");
	}

	static RemoteFailure from(Frame frame) {
		Map<String, String> headers = frame.headers();
		return new RemoteFailure(Reason.from(headers.get("reason")),
				UntrustedText.line(headers.getOrDefault("type", "unknown")),
				UntrustedText.lines(headers.getOrDefault("message", "")),
				UntrustedText.lines(headers.getOrDefault("stack", "")));
	}

	/**
	 * Return the message with all lines after the first one indented, so that none looks
	 * like a line of a log.
	 */
	String indentedMessage() {
		return UntrustedText.indented(this.message);
	}

	Frame toFrame(long id) {
		return Frame.control(FrameType.FAILURE, id,
				Map.of("reason", this.reason.name(), "type", UntrustedText.cut(this.type, MAX_TYPE), "message",
						UntrustedText.cut(this.message, MAX_MESSAGE), "stack", this.stackTrace));
	}

	/** Return the failure shortened so that it fits into any frame. */
	RemoteFailure abridged() {
		return new RemoteFailure(this.reason, UntrustedText.cut(this.type, SHORT_TEXT),
				UntrustedText.cut(this.message, SHORT_TEXT), "");
	}

	IpcException toException(@Nullable PeerId peer, String destination) {
		if (this.reason == Reason.NO_LISTENER) {
			return new NoListenerException(peer, indentedMessage());
		}
		return new RemoteHandlerException(peer, destination, this);
	}

	enum Reason {

		/** The listener threw, or its arguments or reply could not be converted. */
		HANDLER,

		/** There is no listener, so nothing was started. */
		NO_LISTENER,

		/** The call was cancelled or timed out before it started. */
		CANCELLED;

		static Reason from(@Nullable String name) {
			for (Reason reason : values()) {
				if (reason.name().equals(name)) {
					return reason;
				}
			}
			return HANDLER;
		}

	}

}
