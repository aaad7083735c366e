package io.ipcboot.messaging;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Is around every run of a listener of the application. Beans of this type are found in a
 * parent and in workers; the first in the order of
 * {@link org.springframework.core.annotation.Order} is the outermost. Listeners of the
 * library itself, whose destinations begin with {@code ipc.}, are not intercepted.
 * <p>
 * Used by several threads. Without interceptors, nothing is called or created for a
 * message.
 */
@FunctionalInterface
public interface IpcListenerInterceptor {

	/**
	 * Run a listener, on the listener's thread.
	 * @param message the message or call; its handle, if it has one, belongs to the
	 * listener
	 * @param invocation runs the next interceptor, or the listener
	 * @return what the listener returned, or another reply; possibly a
	 * {@link java.util.concurrent.CompletionStage} or a reactive type that is not
	 * complete yet
	 * @throws Exception to refuse the message, or to replace the exception of the
	 * listener: reported to the caller, or logged for a one-way message
	 */
	@Nullable Object intercept(IpcMessage message, Invocation invocation) throws Exception;

	/**
	 * Return the future of a reply that comes later. A reactive type is subscribed to, so
	 * return the future, and not the result, from {@link #intercept}.
	 * @param result what {@link Invocation#proceed} returned
	 * @return a future, which cancels the work of the listener if it is cancelled, or
	 * {@code null} if the result itself is the reply
	 * @throws IllegalStateException if the result is of a type that is no reply, such as
	 * a stream
	 */
	static @Nullable CompletableFuture<?> pendingReply(@Nullable Object result) {
		return ListenerResult.pending(result);
	}

	/**
	 * The rest of the way to a listener.
	 */
	@FunctionalInterface
	interface Invocation {

		/**
		 * Run the next interceptor, or the listener. To be called once at most, on the
		 * thread that runs the interceptor.
		 * @return what the next one returned
		 * @throws Exception what the next one threw
		 */
		@Nullable Object proceed() throws Exception;

	}

}
