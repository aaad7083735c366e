package io.ipcboot;

import io.ipcboot.pool.WorkerState;

/**
 * Published when a worker finishes what it started and leaves.
 */
public final class WorkerDrainingEvent extends WorkerEvent {

	WorkerDrainingEvent(ChildProcess process) {
		super(process, WorkerState.DRAINING);
	}

}
