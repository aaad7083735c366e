package io.ipcboot;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.messaging.OutgoingMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/**
 * Sends messages to another process. Safe for use by several threads.
 * <p>
 * A message that is invalid by itself causes an {@link IllegalArgumentException}: because
 * of the name of its destination, its headers, a negative deadline, or an object that
 * cannot be handed over ({@link io.ipcboot.handle.InvalidHandleException}). If the object
 * is a connection that has just broken, or the system is out of descriptors, the
 * exception is an {@link java.io.UncheckedIOException}. If this process has no such
 * channel, or may not fork, it is an {@link IllegalStateException}.
 * <p>
 * Every other failure is an {@link io.ipcboot.channel.IpcException}, which names the
 * other process as soon as one was chosen. It is thrown at once if the message is not
 * admitted, and completes the future if the message fails later. A call that waits throws
 * the exception that the future of {@code callAsync} would fail with.
 */
public interface MessageOperations {

	/**
	 * Start a message to a destination, with more options than the shortcuts below.
	 * @param destination the destination
	 * @return a message to fill and send
	 */
	MessageSpec destination(String destination);

	/**
	 * Return whether a message can be sent now without waiting. A sender of many messages
	 * that must neither wait nor fill the memory calls this method first.
	 * @return {@code false} if so many bytes wait to be sent that a sender has to wait,
	 * or there is no process that takes messages at present
	 */
	boolean isWritable();

	/**
	 * Send a one-way message to the destination {@code message}.
	 * @param message the payload
	 * @return completes when a listener has started the message
	 */
	default CompletableFuture<Void> send(@Nullable Object message) {
		return send(OutgoingMessage.DEFAULT_DESTINATION, message);
	}

	/**
	 * Send a one-way message.
	 * @param destination the destination
	 * @param message the payload
	 * @return completes when a listener has started the message
	 */
	default CompletableFuture<Void> send(String destination, @Nullable Object message) {
		return destination(destination).message(message).send();
	}

	/**
	 * Send a one-way event with any number of values.
	 * @param event the name of the event, which is its destination
	 * @param values the values
	 * @return completes when a listener has started the event
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
