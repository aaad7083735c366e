package io.ipcboot.observation;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.OutgoingExchange;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.RequestReplySenderContext;
import org.jspecify.annotations.Nullable;

/**
 * The context of the observation of a message or call that this process sends. The
 * carrier is what interceptors see. The reply is not known here.
 */
public final class IpcClientObservationContext extends RequestReplySenderContext<OutgoingExchange, Object> {

	private final OutgoingExchange exchange;

	private final String destination;

	private final @Nullable PeerId self;

	private int attempts;

	private ExchangeOutcome outcome = ExchangeOutcome.NONE;

	/**
	 * Create a context.
	 * @param exchange the message or call
	 * @param destination the destination as it is observed
	 * @param self the identity of this process if it is a worker, otherwise {@code null}
	 */
	public IpcClientObservationContext(OutgoingExchange exchange, String destination, @Nullable PeerId self) {
		super((carrier, name, value) -> {
			if (carrier != null) {
				carrier.header(name, value);
			}
		}, exchange.isCall() ? Kind.CLIENT : Kind.PRODUCER);
		this.exchange = exchange;
		this.destination = destination;
		this.self = self;
		setCarrier(exchange);
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
		return this.exchange.isCall();
	}

	/**
	 * Return the worker at one of the ends: the one that the message goes to, or this
	 * process if the message goes to the parent.
	 * @return the worker, or another child process, or {@code null} if none was chosen
	 * yet
	 */
	public @Nullable PeerId getWorker() {
		PeerId peer = this.exchange.peer();
		boolean toParent = (peer != null) ? peer.isParent() : (this.self != null && this.exchange.pool() == null);
		// until it answers, the parent stands for the worker that it chooses
		return !toParent ? peer : (this.exchange.pool() == null) ? this.self : null;
	}

	/**
	 * Return the pool of the worker.
	 * @return the name of the pool, or {@code null} if there is none or it is not known
	 * yet
	 */
	public @Nullable String getPool() {
		String pool = this.exchange.pool();
		PeerId worker = (pool == null) ? getWorker() : null;
		return (worker != null) ? worker.pool() : pool;
	}

	/**
	 * Return how many times the message was given to a process.
	 * @return 0 if it was not sent, more than 1 if it was sent again
	 */
	public int getAttempts() {
		return this.attempts;
	}

	/**
	 * Return what became of the message or call.
	 * @return the outcome
	 */
	public ExchangeOutcome getOutcome() {
		return this.outcome;
	}

	void attempted() {
		this.attempts++;
	}

	void completed(@Nullable Throwable failure) {
		this.outcome = ExchangeOutcome.ofClient(isCall(), this.attempts > 0, failure);
	}

}
