package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;

/**
 * Decides what becomes of a message whose peer was lost.
 */
public interface Redelivery {

	/** Messages are lost with their peer. */
	Redelivery NONE = (exchange, mayHaveStarted, cause) -> false;

	/**
	 * Take over a message that has no outcome yet. Must not block.
	 * @param exchange the message or call
	 * @param mayHaveStarted {@code false} if no listener has seen it
	 * @param cause how its peer was lost
	 * @return {@code true} if it will be sent to another peer, {@code false} to fail it
	 */
	boolean takeOver(Exchange exchange, boolean mayHaveStarted, IpcException cause);

}
