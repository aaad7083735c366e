package io.ipcboot;

import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * A worker has ended.
 */
public final class WorkerExitedEvent extends WorkerEvent {

	private final transient @Nullable ProcessExit exit;

	private final @Nullable LossCause cause;

	WorkerExitedEvent(ChildProcess process, @Nullable ProcessExit exit, @Nullable LossCause cause) {
		super(process, WorkerState.EXITED);
		this.exit = exit;
		this.cause = cause;
	}

	/**
	 * Return how it ended.
	 * @return exit code or signal, uptime and the last lines of output
	 */
	public @Nullable ProcessExit getExit() {
		return this.exit;
	}

	/**
	 * Return why it has died.
	 * @return the cause, or {@code null} if it has left in order, or was told to
	 */
	public @Nullable LossCause getCause() {
		return this.cause;
	}

}
