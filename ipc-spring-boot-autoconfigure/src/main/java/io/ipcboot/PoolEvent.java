package io.ipcboot;

import org.springframework.context.ApplicationEvent;

/**
 * Base class of events of a pool as a whole. Published like a {@link WorkerEvent}.
 */
public abstract sealed class PoolEvent extends ApplicationEvent
		permits PoolDegradedEvent, PoolRecoveredEvent, MessageQuarantinedEvent {

	PoolEvent(String pool) {
		super(pool);
	}

	/**
	 * Return the pool.
	 * @return the name of the pool
	 */
	public String getPool() {
		return (String) getSource();
	}

}
