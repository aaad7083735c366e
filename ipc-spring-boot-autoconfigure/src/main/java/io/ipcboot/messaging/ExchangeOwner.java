package io.ipcboot.messaging;

import java.util.List;

import io.ipcboot.channel.IpcException;

/**
 * Whoever has admitted a message, and is told what becomes of it apart from its outcome.
 * Called by threads of channels and by callers, so nothing may block.
 */
public interface ExchangeOwner {

	/** Messages are lost with their peer. */
	ExchangeOwner NONE = (exchange, mayHaveStarted, cause) -> false;

	/**
	 * The peer that had the message is gone. Not followed by {@link #released}.
	 * @param exchange the message or call, which may have an outcome already
	 * @param mayHaveStarted {@code false} if no listener has seen it
	 * @param cause how its peer was lost
	 * @return {@code true} if it will be sent to another peer, {@code false} to fail it
	 */
	boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause);

	/**
	 * No peer has anything to do with these any more: it has answered, which may be long
	 * after the caller has given up, or has taken a one-way message, or will never see
	 * it.
	 * @param exchanges messages and calls of which that became known at once
	 */
	default void released(List<Exchange> exchanges) {
	}

	/**
	 * The peer has died while a listener had a one-way message, which is
	 * {@link #released} by then.
	 * @param exchange the message
	 * @param cause how its peer was lost
	 */
	default void fatal(Exchange exchange, IpcException cause) {
	}

	/**
	 * The caller has given up, then or before, and the time is over, but the peer had the
	 * message when the caller gave up. {@link #released} or {@link #lost} may have been
	 * called already.
	 * @param exchange the call
	 */
	default void overdue(Exchange exchange) {
	}

}
