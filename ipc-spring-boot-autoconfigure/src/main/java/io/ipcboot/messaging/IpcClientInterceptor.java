package io.ipcboot.messaging;

import org.jspecify.annotations.Nullable;

/**
 * Is around every message and call that this process sends: to pools, to single workers
 * and to the parent. Beans of this type are found in a parent and in workers, and are
 * called in the order of {@link org.springframework.core.annotation.Order}. Messages
 * between the library's own parts, whose destinations begin with {@code ipc.}, are not
 * intercepted.
 * <p>
 * Used by several threads. Without interceptors, nothing is called or created for a
 * message.
 */
public interface IpcClientInterceptor {

	/**
	 * Called before a message is converted and sent, on the thread that sends the
	 * message. May add headers.
	 * @param exchange the message or call
	 * @throws RuntimeException to refuse the message: the sender gets this exception
	 */
	default void beforeSend(OutgoingExchange exchange) {
	}

	/**
	 * Called when a process is about to get the message: {@link OutgoingExchange#peer()}.
	 * That is at once, or after a time in the queue of a pool, and again for each other
	 * process that gets the message because the one before did not start it or was lost.
	 * A message of a worker to a pool is given to the parent, which chooses the process.
	 * Called on the thread that sends the message or on one of the library, so this
	 * method must not block. What it throws is logged.
	 * @param exchange the message or call
	 */
	default void onAttempt(OutgoingExchange exchange) {
	}

	/**
	 * Called when the outcome is known, just before the sender learns of it; in the
	 * reverse order, and only if {@link #beforeSend} of the same interceptor returned. A
	 * call that waits has its outcome on the calling thread. Every other message has it
	 * on a thread of the library, so this method must not block.
	 * @param exchange the message or call
	 * @param failure why the message failed, a
	 * {@link java.util.concurrent.CancellationException} if the sender gave up, or
	 * {@code null}: a listener has started the message, or the reply is there
	 */
	default void afterCompletion(OutgoingExchange exchange, @Nullable Throwable failure) {
	}

}
