package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * One worker as the supervisor sees it, from its start to its exit. Used by the
 * supervisor's loop only.
 */
final class PoolEntry {

	/**
	 * Completes with {@code null} when the worker has a slot and serves, or with the
	 * reason why it never became ready.
	 */
	final CompletableFuture<@Nullable WorkerStartException> outcome = new CompletableFuture<>();

	/** Completes when the worker has ended. */
	final CompletableFuture<Void> ended = new CompletableFuture<>();

	final RecyclePolicy.Limits limits;

	/** The slot of the worker; {@code null} for a spare. */
	@Nullable Slot slot;

	/** The load of the worker; {@code null} until the worker is ready. */
	@Nullable WorkerLoad load;

	/** The turn of the worker to start, so that not too many start at a time. */
	StartQueue.@Nullable Turn turn;

	/** Ends the turn if the start takes long. */
	SupervisorLoop.@Nullable Alarm turnLimit;

	/** The running worker; {@code null} until its process runs. */
	@Nullable PooledWorker worker;

	/** How long the worker may take to leave, once it was told to. */
	Duration grace = Duration.ZERO;

	long readyAt;

	/** How many bytes the worker had sent at its last sign of life. */
	long bytesSeen;

	long lastSign;

	long answersSeen;

	long lastAnswer;

	private EntryState state = EntryState.STARTING;

	private boolean condemned;

	/**
	 * Whether an operator has killed the worker, so that its end is not held against it.
	 */
	boolean killedByOperator;

	PoolEntry(@Nullable Slot slot, RecyclePolicy.Limits limits) {
		this.slot = slot;
		this.limits = limits;
	}

	/**
	 * Enter a state. A worker may skip states but never goes back.
	 * @return {@code false} if the worker is there already, or further
	 */
	boolean enter(EntryState next) {
		boolean forward = next.compareTo(this.state) > 0;
		if (forward) {
			this.state = next;
		}
		return forward;
	}

	/**
	 * Return whether the worker was told to leave, so that its end does not count as a
	 * death.
	 */
	boolean isDismissed() {
		return this.state == EntryState.DISMISSED;
	}

	/** Return whether the worker has a slot and messages. */
	boolean isServing() {
		return this.state == EntryState.READY && this.slot != null && this.slot.entry == this;
	}

	WorkerState state() {
		return this.state.visible;
	}

	/**
	 * Note that the worker is going to be killed, which takes a moment.
	 * @return {@code false} if the worker is already going to be killed
	 */
	boolean condemn() {
		boolean first = !this.condemned;
		this.condemned = true;
		return first;
	}

	boolean isCondemned() {
		return this.condemned;
	}

	RecyclePolicy.Usage usage(long now) {
		if (this.load == null || this.worker == null) {
			return new RecyclePolicy.Usage(0, Duration.ZERO, 0, 0);
		}
		PooledWorker.Memory memory = this.worker.memory();
		return new RecyclePolicy.Usage(this.load.served(), Duration.ofNanos(now - this.readyAt), memory.resident(),
				memory.heapAfterCollection());
	}

	/**
	 * The states of a worker as its supervisor sees them, in order. The supervisor
	 * forgets a worker that ended.
	 */
	enum EntryState {

		/** The worker was launched; its process may not run yet. */
		STARTING(WorkerState.STARTING),

		/** The worker serves in a slot, or waits as a spare. */
		READY(WorkerState.READY),

		/** The worker leaves by itself. */
		LEAVING(WorkerState.DRAINING),

		/** The supervisor has told the worker to leave, whether it was ready or not. */
		DISMISSED(WorkerState.DRAINING);

		private final WorkerState visible;

		EntryState(WorkerState visible) {
			this.visible = visible;
		}

	}

}
