package io.ipcboot.pool;

/**
 * Is told about every transition in the life of a worker. Must not block.
 */
@FunctionalInterface
public interface WorkerObserver {

	/**
	 * A worker has entered a state.
	 * @param worker the worker
	 * @param state the new state
	 */
	void entered(Worker worker, WorkerState state);

	/**
	 * A worker that was a spare has a slot, and is told about it.
	 * @param worker the worker, which knows its slot
	 */
	default void assigned(Worker worker) {
	}

}
