package io.ipcboot;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.messaging.OutgoingMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/**
 * What can be said to another process. Safe for use by several threads.
 * <p>
 * Everything throws an {@link io.ipcboot.channel.IpcException} that names the other
 * process: at once if the message cannot be sent, through the future if it fails later.
 */
public interface MessageOperations {

	/**
	 * Start a message to a destination; for everything that the shortcuts below cannot
	 * do.
	 * @param destination the destination
	 * @return a message to fill and send
	 */
	MessageSpec destination(String destination);

	/**
	 * Send a one-way message to the destination {@code message}.
	 * @param message the payload
	 * @return completes when a listener has taken the message
	 */
	default CompletableFuture<Void> send(@Nullable Object message) {
		return send(OutgoingMessage.DEFAULT_DESTINATION, message);
	}

	/**
	 * Send a one-way message.
	 * @param destination the destination
	 * @param message the payload
	 * @return completes when a listener has taken the message
	 */
	default CompletableFuture<Void> send(String destination, @Nullable Object message) {
		return destination(destination).message(message).send();
	}

	/**
	 * Send a one-way event with any number of values.
	 * @param event the name of the event, which is its destination
	 * @param values the values
	 * @return completes when a listener has taken the event
	 */
	default CompletableFuture<Void> emit(String event, @Nullable Object... values) {
		return destination(event).values(Arrays.asList(values)).send();
	}

	/**
	 * Make a call and wait for the reply.
	 * @param destination the destination
	 * @param message the payload
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return the reply
	 * @throws io.ipcboot.messaging.CallTimeoutException if there is none in time
	 */
	default <T extends @Nullable Object> T call(String destination, @Nullable Object message, Class<T> replyType) {
		return destination(destination).message(message).call(replyType);
	}

	/**
	 * Make a call and wait for the reply.
	 * @param destination the destination
	 * @param message the payload
	 * @param replyType the generic type of the reply
	 * @param <T> the type of the reply
	 * @return the reply
	 * @throws io.ipcboot.messaging.CallTimeoutException if there is none in time
	 */
	default <T extends @Nullable Object> T call(String destination, @Nullable Object message,
			ParameterizedTypeReference<T> replyType) {
		return destination(destination).message(message).call(replyType);
	}

	/**
	 * Make a call.
	 * @param destination the destination
	 * @param message the payload
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return completes with the reply; cancelling it cancels the call
	 */
	default <T extends @Nullable Object> CompletableFuture<T> callAsync(String destination, @Nullable Object message,
			Class<T> replyType) {
		return destination(destination).message(message).callAsync(replyType);
	}

	/**
	 * Make a call.
	 * @param destination the destination
	 * @param message the payload
	 * @param replyType the generic type of the reply
	 * @param <T> the type of the reply
	 * @return completes with the reply; cancelling it cancels the call
	 */
	default <T extends @Nullable Object> CompletableFuture<T> callAsync(String destination, @Nullable Object message,
			ParameterizedTypeReference<T> replyType) {
		return destination(destination).message(message).callAsync(replyType);
	}

}
