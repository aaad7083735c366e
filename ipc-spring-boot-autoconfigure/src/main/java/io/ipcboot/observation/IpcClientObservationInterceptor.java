package io.ipcboot.observation;

import java.util.function.Supplier;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.IpcClientInterceptor;
import io.ipcboot.messaging.OutgoingExchange;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

/**
 * Observes every message and call that this process sends, as
 * {@link IpcObservationDocumentation#CLIENT} describes it. What other interceptors do is
 * part of the observation.
 */
public class IpcClientObservationInterceptor implements IpcClientInterceptor, Ordered {

	private static final String ATTRIBUTE = IpcClientObservationInterceptor.class.getName();

	private final ObservedDestinations destinations = new ObservedDestinations();

	private final ObservationRegistry registry;

	private final Supplier<@Nullable PeerId> self;

	private final @Nullable IpcClientObservationConvention convention;

	/**
	 * Create an interceptor.
	 * @param registry where observations are made
	 * @param self returns the identity of this process if it is a worker, otherwise
	 * {@code null}
	 * @param convention the name and keys, or {@code null} for the default
	 */
	public IpcClientObservationInterceptor(ObservationRegistry registry, Supplier<@Nullable PeerId> self,
			@Nullable IpcClientObservationConvention convention) {
		this.registry = registry;
		this.self = self;
		this.convention = convention;
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void beforeSend(OutgoingExchange exchange) {
		Observation observation = IpcObservationDocumentation.CLIENT.start(this.convention,
				DefaultIpcClientObservationConvention.INSTANCE, () -> new IpcClientObservationContext(exchange,
						this.destinations.nameFor(exchange.destination()), this.self.get()),
				this.registry);
		if (!observation.isNoop()) {
			exchange.attributes().put(ATTRIBUTE, observation);
		}
	}

	@Override
	public void onAttempt(OutgoingExchange exchange) {
		if (exchange.attributes().get(ATTRIBUTE) instanceof Observation observation) {
			((IpcClientObservationContext) observation.getContext()).attempted();
			observation.event(new AttemptEvent(exchange.peer()));
		}
	}

	@Override
	public void afterCompletion(OutgoingExchange exchange, @Nullable Throwable failure) {
		if (exchange.attributes().remove(ATTRIBUTE) instanceof Observation observation) {
			((IpcClientObservationContext) observation.getContext()).completed(failure);
			if (failure != null) {
				observation.error(failure);
			}
			observation.stop();
		}
	}

	/**
	 * An event with a text that only spans need.
	 *
	 * @param peer the process that is about to get the message
	 */
	private record AttemptEvent(@Nullable PeerId peer) implements Observation.Event {

		@Override
		public String getName() {
			return IpcObservationDocumentation.Events.ATTEMPT.getName();
		}

		@Override
		public String getContextualName() {
			return IpcObservationDocumentation.Events.ATTEMPT.getContextualName().formatted(this.peer);
		}

	}

}
