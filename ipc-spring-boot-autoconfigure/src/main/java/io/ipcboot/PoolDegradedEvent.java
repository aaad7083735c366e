package io.ipcboot;

/**
 * Published when so many workers of a pool died that the pool only starts a trial worker
 * from time to time. Unless other workers are left, callers are refused.
 */
public final class PoolDegradedEvent extends PoolEvent {

	private final String reason;

	PoolDegradedEvent(String pool, String reason) {
		super(pool);
		this.reason = reason;
	}

	/**
	 * Return why the pool is degraded.
	 * @return how the last worker died
	 */
	public String getReason() {
		return this.reason;
	}

}
