package io.ipcboot;

import java.util.function.Consumer;
import java.util.function.Function;

import io.ipcboot.messaging.OutgoingMessage;
import org.jspecify.annotations.Nullable;

/**
 * Adds listeners for the messages of another process. Safe for use by several threads.
 *
 * @param <S> the type that the methods return, to add another listener
 */
public interface ListenerOperations<S extends ListenerOperations<S>> {

	/**
	 * Listen to one-way messages and events of the other process.
	 * @param destination the destination
	 * @param type the type of the payload, or a type of socket, channel or stream for the
	 * handle
	 * @param listener gets the payload or handle; the listener owns the handle
	 * @param <T> the type of the payload
	 * @return this object
	 */
	default <T extends @Nullable Object> S listen(String destination, Class<T> type, Consumer<T> listener) {
		return answer(destination, type, (payload) -> {
			listener.accept(payload);
			return null;
		});
	}

	/**
	 * Listen to messages that were sent without a destination.
	 * @param type the type of the payload
	 * @param listener gets the payload
	 * @param <T> the type of the payload
	 * @return this object
	 */
	default <T extends @Nullable Object> S onMessage(Class<T> type, Consumer<T> listener) {
		return listen(OutgoingMessage.DEFAULT_DESTINATION, type, listener);
	}

	/**
	 * Answer calls of the other process.
	 * @param destination the destination
	 * @param type the type of the payload, or of the handle
	 * @param listener returns the reply
	 * @param <T> the type of the payload
	 * @return this object
	 */
	<T extends @Nullable Object> S answer(String destination, Class<T> type, Function<T, @Nullable Object> listener);

	/**
	 * Listen with all methods of an object that are annotated {@link IpcListener}. In a
	 * worker that is a Spring Boot application the methods of beans listen anyway.
	 * @param handlers the object
	 * @return this object
	 */
	S listen(Object handlers);

}
