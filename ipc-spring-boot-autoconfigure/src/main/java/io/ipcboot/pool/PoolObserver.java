package io.ipcboot.pool;

/**
 * Is told about every transition of a pool and of its workers. Must not block.
 */
public interface PoolObserver extends WorkerObserver {

	/**
	 * So many workers have died that the pool does not replace them any more.
	 * @param pool the name of the pool
	 * @param reason how the last one died
	 */
	void degraded(String pool, String reason);

	/**
	 * A worker of a degraded pool is ready.
	 * @param pool the name of the pool
	 */
	void recovered(String pool);

	/**
	 * A message has killed so many workers that it is refused from now on.
	 * @param pool the name of the pool
	 * @param message the message
	 */
	void quarantined(String pool, Quarantine.Entry message);

}
