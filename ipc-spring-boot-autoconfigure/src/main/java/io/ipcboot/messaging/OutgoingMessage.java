package io.ipcboot.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.WellFormedText;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent, before its payload is converted.
 *
 * @param destination the destination
 * @param payload the value to send; ignored if there are event values
 * @param values the values of an event, or {@code null} if this is no event
 * @param headers application headers
 * @param handle the socket, channel, file or pipe end to hand over
 * @param keepOpen whether the sender's object stays usable
 * @param timeout how long a call may take; {@code null} for the default, zero for no
 * limit
 * @param key what the message belongs to, or {@code null}
 * @param idempotent whether the message may be handled twice without harm
 */
public record OutgoingMessage(String destination, @Nullable Object payload, @Nullable List<@Nullable Object> values,
		Map<String, String> headers, @Nullable Object handle, boolean keepOpen, @Nullable Duration timeout,
		@Nullable String key, boolean idempotent) {

	/** The destination of messages that were sent without one. */
	public static final String DEFAULT_DESTINATION = "message";

	public OutgoingMessage {
		ChannelOptions.requireDestination(destination);
		if (timeout != null && timeout.isNegative()) {
			throw new IllegalArgumentException("The timeout of a call must not be negative, but is " + timeout);
		}
		headers.forEach((name, value) -> {
			if (isReserved(name)) {
				throw new IllegalArgumentException("Header names that start with ':' are reserved: " + name);
			}
			WellFormedText.require("The name of a header", name);
			WellFormedText.require("The header '%s'".formatted(name), value);
		});
	}

	OutgoingMessage withHeaders(Map<String, String> newHeaders) {
		return new OutgoingMessage(this.destination, this.payload, this.values, newHeaders, this.handle, this.keepOpen,
				this.timeout, this.key, this.idempotent);
	}

	static boolean isReserved(String header) {
		return header.startsWith(":");
	}

}
