package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.channel.IpcException;
import org.jspecify.annotations.Nullable;

/**
 * Observes the traffic of pools, for meters. Called by the threads that serve messages,
 * so it must neither block nor throw.
 */
public interface TrafficObserver {

	/** Observes nothing, so that nothing is measured. */
	TrafficObserver NONE = new TrafficObserver() {
	};

	/**
	 * Called when a message or call has found a worker that it had to wait for.
	 * @param pool the name of the pool
	 * @param time how long it has waited
	 */
	default void waited(String pool, Duration time) {
	}

	/**
	 * Called when a message or call is refused.
	 * @param pool the name of the pool
	 * @param reason why
	 */
	default void refused(String pool, RefusalReason reason) {
	}

	/**
	 * Called when a line that a worker printed is dropped, because the worker printed
	 * more than its limit.
	 * @param pool the name of the pool
	 */
	default void lineDropped(String pool) {
	}

	/**
	 * Why a pool refuses a message or call.
	 */
	enum RefusalReason {

		/** All workers are busy, and too many messages and calls wait. */
		QUEUE,

		/** It has waited for too long. */
		TIMEOUT,

		/** The pool has no worker and expects none. */
		DEGRADED,

		/** Workers died of it. */
		QUARANTINED;

		/** Return the reason behind a failure, or {@code null} if it is no refusal. */
		static @Nullable RefusalReason of(IpcException failure) {
			if (failure instanceof PoolSaturatedException) {
				return QUEUE;
			}
			if (failure instanceof PoolDegradedException) {
				return DEGRADED;
			}
			return (failure instanceof QuarantinedException) ? QUARANTINED : null;
		}

	}

}
