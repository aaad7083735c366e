package io.ipcboot;

import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerExit;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * Published when a worker ended.
 */
public final class WorkerExitedEvent extends WorkerEvent {

	private final transient @Nullable ProcessExit exit;

	private final @Nullable LossCause cause;

	private final long lost;

	private final long requeued;

	WorkerExitedEvent(ChildProcess process, @Nullable WorkerExit exit) {
		super(process, WorkerState.EXITED);
		this.exit = (exit != null) ? exit.process() : null;
		this.cause = (exit != null) ? exit.cause() : null;
		this.lost = (exit != null) ? exit.lost() : 0;
		this.requeued = (exit != null) ? exit.requeued() : 0;
	}

	/**
	 * Return how the worker ended.
	 * @return exit code or signal, uptime and the last lines of output
	 */
	public @Nullable ProcessExit getExit() {
		return this.exit;
	}

	/**
	 * Return why the worker died.
	 * @return the cause, or {@code null} if the exit of the worker was orderly, or
	 * requested
	 */
	public @Nullable LossCause getCause() {
		return this.cause;
	}

	/**
	 * Return how many messages and calls were lost with the worker: no listener finished
	 * them, as far as their senders know, and they did not go to another worker.
	 * @return a count
	 */
	public long getLostMessages() {
		return this.lost;
	}

	/**
	 * Return how many messages and calls went to another worker, because this one did not
	 * start them, or because they may be repeated.
	 * @return a count
	 */
	public long getRequeuedMessages() {
		return this.requeued;
	}

}
