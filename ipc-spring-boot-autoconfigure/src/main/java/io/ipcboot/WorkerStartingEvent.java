package io.ipcboot;

import io.ipcboot.pool.WorkerState;

/**
 * A worker was forked; its application is starting.
 */
public final class WorkerStartingEvent extends WorkerEvent {

	WorkerStartingEvent(ChildProcess process) {
		super(process, WorkerState.STARTING);
	}

}
