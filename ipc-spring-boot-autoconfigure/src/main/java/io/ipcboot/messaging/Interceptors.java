package io.ipcboot.messaging;

import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The interceptors of this process. They are looked up when the first message is sent or
 * handled, so that an interceptor may depend on what sends messages.
 */
public final class Interceptors {

	/** No interceptors. */
	public static final Interceptors NONE = new Interceptors(List::of, List::of);

	/** How the destinations of messages between the library's own parts begin. */
	private static final String INTERNAL_DESTINATIONS = "ipc.";

	private final Supplier<List<IpcClientInterceptor>> client;

	private final Supplier<List<IpcListenerInterceptor>> listener;

	/**
	 * Create interceptors.
	 * @param client returns those of messages that are sent, always the same ones
	 * @param listener returns those of listeners, always the same ones
	 */
	public Interceptors(Supplier<List<IpcClientInterceptor>> client, Supplier<List<IpcListenerInterceptor>> listener) {
		this.client = client;
		this.listener = listener;
	}

	/** Return the view of the interceptors on a message, or {@code null} without any. */
	@Nullable OutgoingExchange around(OutgoingMessage message, boolean call, Route route) {
		List<IpcClientInterceptor> all = this.client.get();
		return (all.isEmpty() || isInternal(message.destination())) ? null
				: new OutgoingExchange(all, message, call, route.pool());
	}

	/** Run a listener with the interceptors around it. */
	@Nullable Object invoke(Listener target, IpcMessage message) throws Exception {
		List<IpcListenerInterceptor> all = this.listener.get();
		return (all.isEmpty() || isInternal(message.frame().destination())) ? target.onMessage(message)
				: new Chain(all, target, message, 0).proceed();
	}

	private static boolean isInternal(String destination) {
		return destination.startsWith(INTERNAL_DESTINATIONS);
	}

	/**
	 * The interceptors from a certain one on, and the listener.
	 */
	private record Chain(List<IpcListenerInterceptor> interceptors, Listener target, IpcMessage message,
			int next) implements IpcListenerInterceptor.Invocation {

		@Override
		public @Nullable Object proceed() throws Exception {
			return (this.next == this.interceptors.size()) ? this.target.onMessage(this.message)
					: this.interceptors.get(this.next)
						.intercept(this.message,
								new Chain(this.interceptors, this.target, this.message, this.next + 1));
		}

	}

}
