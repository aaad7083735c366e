package io.ipcboot.messaging;

import java.time.Duration;
import java.util.List;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The route of exchanges: to one peer, or to a pool. Threads of channels and callers also
 * inform a route of what becomes of its exchanges apart from their outcome, so those
 * methods must not block. By default a message is lost with its peer.
 */
@FunctionalInterface
public interface Route {

	/**
	 * Send an exchange.
	 * @param exchange the message or call; informed of what becomes of it unless an
	 * exception is thrown
	 * @throws IpcException if the exchange was not admitted
	 */
	void transmit(Exchange exchange);

	/**
	 * Send an exchange for another process. Unlike {@link #transmit}, never waits.
	 * @param exchange the message or call; informed of what becomes of it unless an
	 * exception is thrown
	 * @throws IpcException if the exchange was not admitted
	 */
	default void forward(Exchange exchange) {
		throw new UnsupportedOperationException("This route sends only messages of this process");
	}

	/**
	 * Return the pool that chooses the process for an exchange.
	 * @return the name of the pool, or {@code null} for a route to a certain process
	 */
	default @Nullable String pool() {
		return null;
	}

	/**
	 * Return the frame as it travels on this route.
	 * @param frame the message or call
	 * @param message the message as the sender described it
	 * @param waits whether the current thread waits for the outcome
	 * @return the same frame, or one that the other side of the route understands
	 */
	default Frame address(Frame frame, OutgoingMessage message, boolean waits) {
		return frame;
	}

	/**
	 * Return how much longer than a deadline to wait for an outcome, because the other
	 * side of the route watches the deadline and knows more.
	 * @return zero if nobody else watches the deadline
	 */
	default Duration patience() {
		return Duration.ZERO;
	}

	/**
	 * Return the process that an answer comes from.
	 * @param answer the reply or failure
	 * @param peer the process that sent the answer to this one
	 * @return the process, or {@code null} if no process was chosen
	 */
	default @Nullable PeerId answerer(Frame answer, PeerId peer) {
		return peer;
	}

	/**
	 * Return the failure that an answer describes, if this route has a description of its
	 * own.
	 * @param answer the failure
	 * @param answerer the process that the answer comes from
	 * @return the failure, or {@code null} for the failure of a listener
	 */
	default @Nullable IpcException failure(Frame answer, @Nullable PeerId answerer) {
		return null;
	}

	/**
	 * Refuse what {@link #transmit} would certainly refuse. Called before the sender's
	 * socket or file is taken, so that the sender keeps it if nothing can be sent.
	 * @throws IpcException if nothing can be sent now
	 */
	default void requireOpen() {
	}

	/**
	 * Return why a message waits that no peer has.
	 * @return a clause, or {@code null} if there is nothing to say
	 */
	default @Nullable String explainDelay() {
		return null;
	}

	/**
	 * Return whether the route wants to know which messages a peer survived, and of which
	 * one-way message it died.
	 * @return {@code true} if {@link #survived} and {@link #fatal} are to be called
	 */
	default boolean isWatching() {
		return false;
	}

	/**
	 * Called when the peer that had the message is gone. Not followed by
	 * {@link #released}.
	 * @param exchange the message or call, which may have an outcome already
	 * @param mayHaveStarted {@code false} if no listener has seen the message
	 * @param cause how the peer was lost
	 * @return {@code true} if the message will be sent to another peer; {@code false} if
	 * it has to fail
	 */
	default boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		return false;
	}

	/**
	 * Called when no peer has anything to do with exchanges any more: the peer answered,
	 * perhaps long after the caller gave up, or started a one-way message, or will never
	 * see it.
	 * @param exchanges messages and calls of which that became known at the same time
	 */
	default void released(List<Exchange> exchanges) {
	}

	/**
	 * Called when the peer is alive after it ran a message: it answered a call, or went
	 * on to another one-way message.
	 * @param exchange the message or call
	 */
	default void survived(Exchange exchange) {
	}

	/**
	 * Called when the peer died while a listener had a one-way message, which is already
	 * {@link #released}.
	 * @param exchange the message
	 * @param cause how the peer was lost
	 */
	default void fatal(Exchange exchange, IpcException cause) {
	}

	/**
	 * Called when the time of a call is over and the caller gave up, now or before, but
	 * the peer had the call at that moment. {@link #released} or {@link #lost} may have
	 * been called already.
	 * @param exchange the call
	 */
	default void overdue(Exchange exchange) {
	}

}
