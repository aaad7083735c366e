package io.ipcboot;

import io.ipcboot.pool.WorkerState;

/**
 * A worker finishes what it has started and leaves.
 */
public final class WorkerDrainingEvent extends WorkerEvent {

	WorkerDrainingEvent(ChildProcess process) {
		super(process, WorkerState.DRAINING);
	}

}
