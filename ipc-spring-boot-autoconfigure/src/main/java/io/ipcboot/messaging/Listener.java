package io.ipcboot.messaging;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Handles the messages and calls of one destination.
 */
public interface Listener {

	/**
	 * Handle a message.
	 * @param message the message or call
	 * @return the reply to a call, possibly as a
	 * {@link java.util.concurrent.CompletionStage} or a reactive type with at most one
	 * value
	 * @throws Exception reported to the caller as data, or logged for a one-way message
	 */
	@Nullable Object onMessage(IpcMessage message) throws Exception;

	/**
	 * Check that a one-way message has what the listener needs. The sender learns of a
	 * failure, but not of one in {@link #onMessage}. To be cheap, and to run no code that
	 * may harm the process: the message does not count as started yet.
	 * @param message the message
	 * @throws Exception if the listener cannot be called
	 */
	default void check(IpcMessage message) throws Exception {
	}

	/**
	 * Return how many messages the listener takes at a time.
	 * @return 1 or more; 0 to follow the peer's setting
	 */
	default int concurrency() {
		return 0;
	}

	/**
	 * Return whether the listener takes messages from a sender.
	 * @param sender the process that sent the message
	 * @return {@code false} to refuse its messages with a {@link NoListenerException}
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
