package io.ipcboot.pool;

import java.nio.file.Path;
import java.util.function.Function;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the worker that had a message died or left before there was an outcome.
 */
public class WorkerLostException extends IpcException {

	private final String text;

	private final LossCause lossCause;

	private final transient ProcessExit exit;

	private final boolean mayHaveStarted;

	WorkerLostException(PeerId worker, LossCause lossCause, ProcessExit exit, boolean mayHaveStarted,
			@Nullable Throwable cause) {
		this(worker, lossCause, exit, mayHaveStarted, text(lossCause, exit, mayHaveStarted), cause);
	}

	private WorkerLostException(PeerId worker, LossCause lossCause, ProcessExit exit, boolean mayHaveStarted,
			String text, @Nullable Throwable cause) {
		super(worker, text, cause);
		this.text = text;
		this.lossCause = lossCause;
		this.exit = exit;
		this.mayHaveStarted = mayHaveStarted;
	}

	private static String text(LossCause lossCause, ProcessExit exit, boolean mayHaveStarted) {
		return "the worker %s%s%s".formatted(lossCause.words(), exit.describeWithOutput(),
				mayHaveStarted ? "\nA listener may have run." : "\nNo listener has seen the message.");
	}

	/**
	 * Return what creates the exceptions for all messages of a worker. They share their
	 * texts. If there is no memory left, they are one.
	 * @return creates an exception, given whether a listener may have seen the message
	 */
	static Function<Boolean, IpcException> forAll(PeerId worker, LossCause lossCause, ProcessExit exit,
			@Nullable Throwable cause) {
		WorkerLostException started = new WorkerLostException(worker, lossCause, exit, true, cause);
		WorkerLostException unseen = new WorkerLostException(worker, lossCause, exit, false, cause);
		return (mayHaveStarted) -> {
			WorkerLostException model = mayHaveStarted ? started : unseen;
			try {
				return new WorkerLostException(worker, lossCause, exit, mayHaveStarted, model.text, cause);
			}
			catch (VirtualMachineError ex) {
				return model;
			}
		};
	}

	/**
	 * Return why the worker ended.
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
	 * Return what the worker's JVM wrote about its crash.
	 * @return the file, or {@code null} if there is none
	 */
	public @Nullable Path getCrashFile() {
		return this.exit.crashFile();
	}

	/**
	 * Return whether a listener may have done the work, wholly or in part.
	 * @return {@code false} if no listener has seen the message
	 */
	public boolean mayHaveStarted() {
		return this.mayHaveStarted;
	}

	/**
	 * Return whether the worker's own work may have ended it, and not an event from
	 * outside.
	 */
	boolean isCrash() {
		return switch (this.lossCause) {
			case KILLED -> this.exit.signal() == null || !this.exit.signal().isRequest();
			case RECYCLED, START_FAILED -> false;
			default -> true;
		};
	}

}
