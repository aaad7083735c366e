package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;

/**
 * Where exchanges go: to one peer, or to a pool.
 */
@FunctionalInterface
public interface Route {

	/**
	 * Send an exchange.
	 * @param exchange the message or call; told what becomes of it unless an exception is
	 * thrown
	 * @throws IpcException if it was not admitted
	 */
	void transmit(Exchange exchange);

	/**
	 * Refuse what {@link #transmit} would certainly refuse. Called before the sender's
	 * socket or file is taken, so that it is still the sender's if there is no way.
	 * @throws IpcException if nothing can be sent now
	 */
	default void requireOpen() {
	}

}
