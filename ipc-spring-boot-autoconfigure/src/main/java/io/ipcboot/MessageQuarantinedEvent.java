package io.ipcboot;

import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;

/**
 * Published when a message killed so many workers that it is refused for a while.
 */
public final class MessageQuarantinedEvent extends PoolEvent {

	private final transient QuarantinedMessage message;

	MessageQuarantinedEvent(String pool, QuarantinedMessage message) {
		super(pool);
		this.message = message;
	}

	/**
	 * Return the message.
	 * @return its destination, its id, and how long it is refused
	 */
	public QuarantinedMessage getMessage() {
		return this.message;
	}

}
