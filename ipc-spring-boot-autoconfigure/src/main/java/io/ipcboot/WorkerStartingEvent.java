package io.ipcboot;

import io.ipcboot.pool.WorkerState;

/**
 * Published when a worker was forked and its application is starting.
 */
public final class WorkerStartingEvent extends WorkerEvent {

	WorkerStartingEvent(ChildProcess process) {
		super(process, WorkerState.STARTING);
	}

}
