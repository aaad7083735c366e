package io.ipcboot.observation;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.IpcMessage;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.RequestReplyReceiverContext;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;

/**
 * The context of the observation of a listener. The carrier is what travelled beside the
 * payload, which is not kept until a reply comes later. The response is the reply.
 */
public final class IpcListenerObservationContext extends RequestReplyReceiverContext<MessageHeaders, Object> {

	private final String destination;

	private final boolean call;

	private final PeerId worker;

	private ExchangeOutcome outcome = ExchangeOutcome.NONE;

	/**
	 * Create a context.
	 * @param message the message or call
	 * @param destination the destination as it is observed
	 * @param self the identity of this process if it is a worker, otherwise {@code null}
	 */
	public IpcListenerObservationContext(IpcMessage message, String destination, @Nullable PeerId self) {
		super((carrier, name) -> (carrier.get(name) instanceof String value) ? value : null,
				isCall(message) ? Kind.SERVER : Kind.CONSUMER);
		this.destination = destination;
		this.call = isCall(message);
		this.worker = (self != null && message.peer().isParent()) ? self : message.peer();
		setCarrier(message.getHeaders());
	}

	private static boolean isCall(IpcMessage message) {
		return Boolean.TRUE.equals(message.getHeaders().get(IpcMessage.REPLY_EXPECTED));
	}

	/**
	 * Return the destination as it is observed.
	 * @return the destination, or {@code other} if there are too many different ones
	 */
	public String getDestination() {
		return this.destination;
	}

	/**
	 * Return whether the sender expects a reply.
	 * @return {@code false} for a one-way message
	 */
	public boolean isCall() {
		return this.call;
	}

	/**
	 * Return the worker at one of the ends: this process, or the one that sent the
	 * message if this process is the parent.
	 * @return the worker, or another child process
	 */
	public PeerId getWorker() {
		return this.worker;
	}

	/**
	 * Return what became of the message or call.
	 * @return the outcome
	 */
	public ExchangeOutcome getOutcome() {
		return this.outcome;
	}

	void completed(@Nullable Throwable failure) {
		this.outcome = ExchangeOutcome.ofListener(this.call, failure);
	}

}
