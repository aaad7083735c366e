package io.ipcboot.messaging;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Takes the messages and calls of one destination.
 */
public interface Listener {

	/**
	 * Take a message.
	 * @param message the message or call
	 * @return the reply to a call, possibly as a
	 * {@link java.util.concurrent.CompletionStage}
	 * @throws Exception reported to the caller as data, or logged for a one-way message
	 */
	@Nullable Object onMessage(IpcMessage message) throws Exception;

	/**
	 * How many messages the listener takes at a time.
	 * @return 1 or more; 0 to follow the peer's setting
	 */
	default int concurrency() {
		return 0;
	}

	/**
	 * Whether the listener is there for a sender.
	 * @param sender who has sent a message
	 * @return {@code false} to refuse what it sends with a {@link NoListenerException}
	 */
	default boolean takesFrom(PeerId sender) {
		return true;
	}

	/**
	 * Describe the listener for error messages.
	 * @return a class and method, for example
	 */
	default String describe() {
		return toString();
	}

}
