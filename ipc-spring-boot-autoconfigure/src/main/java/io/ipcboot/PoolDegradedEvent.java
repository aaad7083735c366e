package io.ipcboot;

/**
 * So many workers of a pool have died that it only tries one from time to time. Unless
 * others are left, callers are refused.
 */
public final class PoolDegradedEvent extends PoolEvent {

	private final String reason;

	PoolDegradedEvent(String pool, String reason) {
		super(pool);
		this.reason = reason;
	}

	/**
	 * Return why.
	 * @return how the last worker has died
	 */
	public String getReason() {
		return this.reason;
	}

}
