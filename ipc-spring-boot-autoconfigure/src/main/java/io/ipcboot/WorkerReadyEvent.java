package io.ipcboot;

import io.ipcboot.pool.WorkerState;

/**
 * Published when a worker takes messages.
 */
public final class WorkerReadyEvent extends WorkerEvent {

	WorkerReadyEvent(ChildProcess process) {
		super(process, WorkerState.READY);
	}

}
