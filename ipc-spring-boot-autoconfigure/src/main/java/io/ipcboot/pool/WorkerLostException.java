package io.ipcboot.pool;

import java.nio.file.Path;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * The worker that had a message has died, or has left, before there was an outcome.
 */
public class WorkerLostException extends IpcException {

	private final LossCause lossCause;

	private final transient ProcessExit exit;

	private final boolean mayHaveStarted;

	WorkerLostException(PeerId worker, LossCause lossCause, ProcessExit exit, boolean mayHaveStarted,
			@Nullable Throwable cause) {
		super(worker, "the worker %s%s%s".formatted(lossCause.words(), exit.describeWithOutput(),
				mayHaveStarted ? "\nA listener may have run." : "\nNo listener has seen the message."), cause);
		this.lossCause = lossCause;
		this.exit = exit;
		this.mayHaveStarted = mayHaveStarted;
	}

	/**
	 * Return why the worker has ended.
	 * @return the cause
	 */
	public LossCause getLossCause() {
		return this.lossCause;
	}

	/**
	 * Return how the worker ended.
	 * @return exit code or signal, uptime and the last lines of output
	 */
	public ProcessExit getExit() {
		return this.exit;
	}

	/**
	 * Return what the worker's JVM has written about its crash.
	 * @return the file, or {@code null} if there is none
	 */
	public @Nullable Path getCrashFile() {
		return this.exit.crashFile();
	}

	/**
	 * Whether a listener may have done what it was called for, wholly or in part.
	 * @return {@code false} if no listener has seen the message
	 */
	public boolean mayHaveStarted() {
		return this.mayHaveStarted;
	}

	/**
	 * Whether what the worker was doing may be the reason, and not somebody from outside.
	 */
	boolean isCrash() {
		return switch (this.lossCause) {
			case KILLED -> this.exit.signal() == null || !this.exit.signal().isRequest();
			case RECYCLED, START_FAILED -> false;
			default -> true;
		};
	}

}
