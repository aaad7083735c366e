package io.ipcboot;

import org.springframework.context.ApplicationEvent;

/**
 * Something has happened to a pool as a whole. Published like a {@link WorkerEvent}.
 */
public abstract sealed class PoolEvent extends ApplicationEvent
		permits PoolDegradedEvent, PoolRecoveredEvent, MessageQuarantinedEvent {

	PoolEvent(String pool) {
		super(pool);
	}

	/**
	 * Return the pool.
	 * @return its name
	 */
	public String getPool() {
		return (String) getSource();
	}

}
