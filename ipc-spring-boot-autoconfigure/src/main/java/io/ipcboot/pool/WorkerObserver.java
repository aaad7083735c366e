package io.ipcboot.pool;

/**
 * Observes every transition in the life of a worker. Must not block.
 */
@FunctionalInterface
public interface WorkerObserver {

	/**
	 * Called when a worker entered a state.
	 * @param worker the worker
	 * @param state the new state
	 */
	void entered(Worker worker, WorkerState state);

	/**
	 * Called when a spare got a slot.
	 * @param worker the worker, which knows its slot
	 */
	default void assigned(Worker worker) {
	}

}
