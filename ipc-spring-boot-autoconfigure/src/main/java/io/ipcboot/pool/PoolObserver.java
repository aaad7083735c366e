package io.ipcboot.pool;

import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;

/**
 * Observes every transition of a pool and of its workers. Must not block.
 */
public interface PoolObserver extends WorkerObserver {

	/**
	 * Called when so many workers died that the pool stops replacing them.
	 * @param pool the name of the pool
	 * @param reason how the last one died
	 */
	void degraded(String pool, String reason);

	/**
	 * Called when a worker of a degraded pool is ready.
	 * @param pool the name of the pool
	 */
	void recovered(String pool);

	/**
	 * Called when a message killed so many workers that it is refused from now on.
	 * @param pool the name of the pool
	 * @param message the message
	 */
	void quarantined(String pool, QuarantinedMessage message);

	/**
	 * Return who observes the messages of the pool.
	 * @return the observer of this moment
	 */
	default TrafficObserver traffic() {
		return TrafficObserver.NONE;
	}

}
