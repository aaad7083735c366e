package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * The worker that had a message has died, or has left, before there was an outcome.
 */
public class WorkerLostException extends IpcException {

	private final ProcessExit exit;

	private final boolean mayHaveStarted;

	WorkerLostException(PeerId worker, ProcessExit exit, boolean mayHaveStarted, @Nullable Throwable cause) {
		super(worker,
				"the worker " + exit.describeWithOutput()
						+ (mayHaveStarted ? "\nA listener may have run." : "\nNo listener has seen the message."),
				cause);
		this.exit = exit;
		this.mayHaveStarted = mayHaveStarted;
	}

	/**
	 * Return how the worker ended.
	 * @return exit code or signal, uptime and the last lines of output
	 */
	public ProcessExit getExit() {
		return this.exit;
	}

	/**
	 * Whether a listener may have done what it was called for, wholly or in part.
	 * @return {@code false} if no listener has seen the message
	 */
	public boolean mayHaveStarted() {
		return this.mayHaveStarted;
	}

}
