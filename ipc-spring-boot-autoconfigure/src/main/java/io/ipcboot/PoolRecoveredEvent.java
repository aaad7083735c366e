package io.ipcboot;

/**
 * A worker of a degraded pool has become ready.
 */
public final class PoolRecoveredEvent extends PoolEvent {

	PoolRecoveredEvent(String pool) {
		super(pool);
	}

}
