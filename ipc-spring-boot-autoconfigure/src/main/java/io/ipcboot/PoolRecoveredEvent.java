package io.ipcboot;

/**
 * Published when a worker of a degraded pool became ready.
 */
public final class PoolRecoveredEvent extends PoolEvent {

	PoolRecoveredEvent(String pool) {
		super(pool);
	}

}
