package io.ipcboot.messaging;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A failure as data: what a FAILURE frame carries, in its headers.
 */
record RemoteFailure(Reason reason, String type, String message, String stackTrace) {

	private static final int MAX_TEXT = 8 * 1024;

	/** Two of them fit into the smallest frame that can be configured. */
	private static final int SHORT_TEXT = 100;

	static RemoteFailure of(Reason reason, Throwable failure) {
		String type = failure.getClass().getName();
		try {
			StringWriter stack = new StringWriter();
			failure.printStackTrace(new PrintWriter(stack));
			return new RemoteFailure(reason, type, String.valueOf(failure.getMessage()), stack.toString());
		}
		catch (Throwable ex) {
			return new RemoteFailure(reason, type, "(its message cannot be read: " + ex.getClass().getName() + ")", "");
		}
	}

	static RemoteFailure of(Reason reason, String message) {
		return new RemoteFailure(reason, "", message, "");
	}

	static RemoteFailure from(Frame frame) {
		Map<String, String> headers = frame.headers();
		return new RemoteFailure(Reason.from(headers.get("reason")), headers.getOrDefault("type", "unknown"),
				headers.getOrDefault("message", ""), headers.getOrDefault("stack", ""));
	}

	Frame toFrame(long id) {
		return Frame.control(FrameType.FAILURE, id, Map.of("reason", this.reason.name(), "type", shortened(this.type),
				"message", shortened(this.message), "stack", shortened(this.stackTrace)));
	}

	/** The same in as few words as fit into any frame. */
	RemoteFailure abridged() {
		return new RemoteFailure(this.reason, shortened(this.type, SHORT_TEXT), shortened(this.message, SHORT_TEXT),
				"");
	}

	IpcException toException(@Nullable PeerId peer, String destination) {
		if (this.reason == Reason.NO_LISTENER) {
			return new NoListenerException(peer, this.message);
		}
		return new RemoteHandlerException(peer, destination, this);
	}

	/**
	 * Three bytes is the most that a char takes in UTF-8, so four texts fit into the
	 * headers.
	 */
	private static String shortened(String text) {
		return shortened(text, MAX_TEXT / 2);
	}

	private static String shortened(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length) + "…";
	}

	enum Reason {

		/** The listener threw, or its arguments or reply could not be converted. */
		HANDLER,

		/** There is no listener, so nothing was started. */
		NO_LISTENER,

		/** The call was cancelled, or its time was over, before it started. */
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
