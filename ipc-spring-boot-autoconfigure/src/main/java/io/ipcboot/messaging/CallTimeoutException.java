package io.ipcboot.messaging;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a call or a one-way message with a deadline had no outcome in time. A
 * listener that had started the call was asked to cancel; what the listener did before is
 * not undone.
 */
public class CallTimeoutException extends IpcException {

	/**
	 * Create an exception.
	 * @param peer the process that has the message, or {@code null}
	 * @param destination the destination
	 * @param timeout how long the outcome could take
	 */
	public CallTimeoutException(@Nullable PeerId peer, String destination, Duration timeout) {
		this(peer, destination, timeout, true, null);
	}

	/**
	 * @param call whether a reply was expected
	 * @param reason why the message is not at a peer, or {@code null}
	 */
	CallTimeoutException(@Nullable PeerId peer, String destination, Duration timeout, boolean call,
			@Nullable String reason) {
		super(peer,
				"%s within %,d ms%s".formatted(
						(call ? "no reply from %s" : "no listener has started the message for %s")
							.formatted(UntrustedText.name(destination)),
						TimeUnit.MILLISECONDS.convert(timeout), (reason != null) ? ": " + reason : ""));
	}

}
