package io.ipcboot.pool;

import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * How and why a worker ended. Created once, when the process has ended and everything
 * that it sent was read.
 *
 * @param process how the process ended, or {@code null} if it could not be forked
 * @param cause why the worker died, or {@code null} if its exit was orderly, or it was
 * told to leave and did so
 * @param orderly whether the worker left by itself after it had answered everything that
 * it started
 * @param startFailure why the worker never became ready, or {@code null} if it did
 * @param lost how many messages and calls were lost with the worker
 * @param requeued how many of its messages and calls went to another worker
 */
public record WorkerExit(@Nullable ProcessExit process, @Nullable LossCause cause, boolean orderly,
		@Nullable WorkerStartException startFailure, long lost, long requeued) {

	/**
	 * Return the exit of a worker that never had a process.
	 */
	static WorkerExit notForked(WorkerStartException failure) {
		return new WorkerExit(null, LossCause.START_FAILED, false, failure, 0, 0);
	}

	/**
	 * Describe the end and quote what the process printed last.
	 * @return one or more lines
	 */
	String problem() {
		if (this.process != null) {
			return this.process.describeWithOutput();
		}
		return (this.startFailure != null) ? String.valueOf(this.startFailure.getMessage()) : "ended";
	}

	/**
	 * Describe the end in a few words: how the worker ended, and why if that is not
	 * obvious.
	 */
	String describe() {
		String how = (this.process != null) ? this.process.describe() : "could not be forked";
		return isObvious() ? how : how + " (" + this.cause + ")";
	}

	/**
	 * Describe an end, and what became of the messages and calls that the worker did not
	 * finish.
	 * @return a clause, or an empty text if there is no end
	 */
	static String clause(@Nullable WorkerExit exit) {
		return (exit != null) ? ": it " + exit.describe() + exit.describeLosses() : "";
	}

	private String describeLosses() {
		if (this.lost == 0 && this.requeued == 0) {
			return "";
		}
		return "; messages and calls lost with it: %,d, left to another worker: %,d".formatted(this.lost,
				this.requeued);
	}

	/** Return whether the code or signal of the exit already shows the cause. */
	private boolean isObvious() {
		return this.cause == null || this.cause == LossCause.KILLED || this.cause == LossCause.EXITED
				|| this.cause == LossCause.START_FAILED;
	}

}
