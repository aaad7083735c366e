package io.ipcboot.observation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.IpcListenerInterceptor;
import io.ipcboot.messaging.IpcMessage;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Observes every run of a listener, as {@link IpcObservationDocumentation#LISTENER}
 * describes it. The observation is current on the listener's thread, and where a reply
 * that comes later is dealt with. What other interceptors do is part of the observation.
 */
public class IpcListenerObservationInterceptor implements IpcListenerInterceptor, Ordered {

	private final ObservedDestinations destinations = new ObservedDestinations();

	private final ObservationRegistry registry;

	private final Supplier<@Nullable PeerId> self;

	private final @Nullable IpcListenerObservationConvention convention;

	/**
	 * Create an interceptor.
	 * @param registry where observations are made
	 * @param self returns the identity of this process if it is a worker, otherwise
	 * {@code null}
	 * @param convention the name and keys, or {@code null} for the default
	 */
	public IpcListenerObservationInterceptor(ObservationRegistry registry, Supplier<@Nullable PeerId> self,
			@Nullable IpcListenerObservationConvention convention) {
		this.registry = registry;
		this.self = self;
		this.convention = convention;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public @Nullable Object intercept(IpcMessage message, Invocation invocation) throws Exception {
		Observation observation = IpcObservationDocumentation.LISTENER.start(this.convention,
				DefaultIpcListenerObservationConvention.INSTANCE,
				() -> new IpcListenerObservationContext(message,
						this.destinations.nameFor(String.valueOf(message.getHeaders().get(IpcMessage.DESTINATION))),
						this.self.get()),
				this.registry);
		return observation.isNoop() ? invocation.proceed() : observe(observation, invocation);
	}

	private static @Nullable Object observe(Observation observation, Invocation invocation) throws Exception {
		Object result = null;
		CompletableFuture<?> pending = null;
		Throwable failure = null;
		Observation.Scope scope = observation.openScope();
		try {
			result = invocation.proceed();
			pending = IpcListenerInterceptor.pendingReply(result);
		}
		catch (Throwable ex) {
			failure = ex;
			throw ex;
		}
		finally {
			scope.close();
			if (pending == null) {
				stop(observation, result, failure);
			}
		}
		return (pending != null) ? new ObservedReply(observation, pending).follow() : result;
	}

	private static void stop(Observation observation, @Nullable Object reply, @Nullable Throwable failure) {
		IpcListenerObservationContext context = (IpcListenerObservationContext) observation.getContext();
		context.completed(failure);
		if (reply != null) {
			context.setResponse(reply);
		}
		if (failure != null) {
			observation.error(failure);
		}
		observation.stop();
	}

	/**
	 * A reply that comes later. To cancel it cancels the work of the listener.
	 */
	private static final class ObservedReply extends CompletableFuture<@Nullable Object> {

		private final Observation observation;

		private final CompletableFuture<?> pending;

		ObservedReply(Observation observation, CompletableFuture<?> pending) {
			this.observation = observation;
			this.pending = pending;
		}

		ObservedReply follow() {
			this.pending.whenComplete(this::completed);
			return this;
		}

		private void completed(@Nullable Object reply, @Nullable Throwable failure) {
			Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
					? failure.getCause() : failure;
			// the reply is converted, or the failure logged, within the scope
			Observation.Scope scope = this.observation.openScope();
			try {
				if (cause != null) {
					completeExceptionally(cause);
				}
				else {
					complete(reply);
				}
			}
			finally {
				scope.close();
				stop(this.observation, reply, cause);
			}
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean cancelled = super.cancel(mayInterruptIfRunning);
			this.pending.cancel(mayInterruptIfRunning);
			return cancelled;
		}

	}

}
