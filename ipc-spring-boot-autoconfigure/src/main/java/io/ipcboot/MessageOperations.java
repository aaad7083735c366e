package io.ipcboot;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.messaging.OutgoingMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/**
 * What can be said to another process. Safe for use by several threads.
 * <p>
 * What is wrong with a message itself is an {@link IllegalArgumentException}: the name of
 * its destination, its headers, a negative deadline, or an object that cannot be handed
 * over ({@link io.ipcboot.handle.InvalidHandleException}). If the object is a connection
 * that has just broken, or the system is out of descriptors, it is an
 * {@link java.io.UncheckedIOException}. A process that has no such channel, or may not
 * fork, is an {@link IllegalStateException}.
 * <p>
 * Everything else is an {@link io.ipcboot.channel.IpcException}, which names the other
 * process as soon as one was chosen: thrown at once if the message is not admitted,
 * through the future if it fails later. A call that waits throws what the future of
 * {@code callAsync} would fail with.
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
	 * Whether a message can be sent now without waiting. Whoever sends much and does not
	 * want to wait, or to fill the memory, looks at this first.
	 * @return {@code false} if so many bytes wait to be sent that a sender has to wait,
	 * or there is no process that takes messages at present
	 */
	boolean isWritable();

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
