package io.ipcboot;

import io.ipcboot.pool.Quarantine;

/**
 * A message has killed so many workers that it is refused for a while.
 */
public final class MessageQuarantinedEvent extends PoolEvent {

	private final transient Quarantine.Entry message;

	MessageQuarantinedEvent(String pool, Quarantine.Entry message) {
		super(pool);
		this.message = message;
	}

	/**
	 * Return which message.
	 * @return its destination, what identifies it, and for how long it is refused
	 */
	public Quarantine.Entry getMessage() {
		return this.message;
	}

}
