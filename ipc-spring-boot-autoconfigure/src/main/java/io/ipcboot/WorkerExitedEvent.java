package io.ipcboot;

import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * A worker has ended.
 */
public final class WorkerExitedEvent extends WorkerEvent {

	private final transient @Nullable ProcessExit exit;

	WorkerExitedEvent(ChildProcess process, @Nullable ProcessExit exit) {
		super(process, WorkerState.EXITED);
		this.exit = exit;
	}

	/**
	 * Return how it ended.
	 * @return exit code or signal, uptime and the last lines of output
	 */
	public @Nullable ProcessExit getExit() {
		return this.exit;
	}

}
