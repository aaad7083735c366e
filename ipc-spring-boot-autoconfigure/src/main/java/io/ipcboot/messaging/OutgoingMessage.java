package io.ipcboot.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.ChannelOptions;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to send, before it is converted.
 *
 * @param destination where it goes
 * @param payload the value to send; ignored if there are event values
 * @param values the values of an event, or {@code null} if this is no event
 * @param headers application headers
 * @param handle the socket, channel, file or pipe end to hand over
 * @param keepOpen whether the sender's object stays usable
 * @param timeout how long a call may take; {@code null} for the default, zero for no
 * limit
 * @param key what the message belongs to, or {@code null}
 * @param idempotent whether it does no harm if the message is handled twice
 */
public record OutgoingMessage(String destination, @Nullable Object payload, @Nullable List<@Nullable Object> values,
		Map<String, String> headers, @Nullable Object handle, boolean keepOpen, @Nullable Duration timeout,
		@Nullable String key, boolean idempotent) {

	/** Where messages go for which no destination was given. */
	public static final String DEFAULT_DESTINATION = "message";

	public OutgoingMessage {
		if (destination.isEmpty()) {
			throw new IllegalArgumentException("A destination must not be empty");
		}
		if (destination.length() > ChannelOptions.MAX_DESTINATION_LENGTH) {
			throw new IllegalArgumentException("The name of a destination must not have more than %d characters: %.40s…"
				.formatted(ChannelOptions.MAX_DESTINATION_LENGTH, destination));
		}
		if (timeout != null && timeout.isNegative()) {
			throw new IllegalArgumentException("The timeout of a call must not be negative, but is " + timeout);
		}
		headers.keySet().forEach((name) -> {
			if (name.startsWith(":")) {
				throw new IllegalArgumentException("Header names that start with ':' are reserved: " + name);
			}
		});
	}

	/**
	 * Create a message that belongs to nothing and is handled once.
	 * @param destination where it goes
	 * @param payload the value to send; ignored if there are event values
	 * @param values the values of an event, or {@code null} if this is no event
	 * @param headers application headers
	 * @param handle the socket, channel, file or pipe end to hand over
	 * @param keepOpen whether the sender's object stays usable
	 * @param timeout how long a call may take
	 */
	public OutgoingMessage(String destination, @Nullable Object payload, @Nullable List<@Nullable Object> values,
			Map<String, String> headers, @Nullable Object handle, boolean keepOpen, @Nullable Duration timeout) {
		this(destination, payload, values, headers, handle, keepOpen, timeout, null, false);
	}

	/**
	 * Create a message with a payload and nothing else.
	 * @param destination where it goes
	 * @param payload the value to send
	 * @return the message
	 */
	public static OutgoingMessage of(String destination, @Nullable Object payload) {
		return new OutgoingMessage(destination, payload, null, Map.of(), null, false, null);
	}

	/**
	 * Create an event.
	 * @param name the name of the event
	 * @param values its values
	 * @return the message
	 */
	public static OutgoingMessage event(String name, List<@Nullable Object> values) {
		return new OutgoingMessage(name, null, values, Map.of(), null, false, null);
	}

}
