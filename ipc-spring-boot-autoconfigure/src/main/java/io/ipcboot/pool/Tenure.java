package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor remembers of a member, from its start to its exit. Used by the
 * supervisor's loop only.
 */
final class Tenure {

	/** Completes with {@code null} when the member is ready, or with why it never was. */
	final CompletableFuture<@Nullable WorkerStartException> outcome = new CompletableFuture<>();

	final CompletableFuture<Void> ended = new CompletableFuture<>();

	final RecyclePolicy.Limits limits;

	/** {@code null} for a spare. */
	@Nullable Slot slot;

	/** {@code null} until it is ready. */
	@Nullable Seat seat;

	/** {@code null} until its process runs. */
	@Nullable Member member;

	/** Whether it leaves because it was told to. */
	boolean leaving;

	/** Whether an operator has killed it. */
	boolean killed;

	/** Whether it leaves by itself. */
	boolean departing;

	/** How long it may take to leave. */
	Duration grace = Duration.ZERO;

	long readyAt;

	long bytesSeen;

	long lastSign;

	Tenure(@Nullable Slot slot, RecyclePolicy.Limits limits) {
		this.slot = slot;
		this.limits = limits;
	}

	/** Whether it has a slot and messages. */
	boolean isServing() {
		return this.seat != null && !isLeaving() && this.slot != null && this.slot.tenure == this;
	}

	boolean isLeaving() {
		return this.leaving || this.departing;
	}

	WorkerState state() {
		if (isLeaving()) {
			return WorkerState.DRAINING;
		}
		return (this.seat != null) ? WorkerState.READY : WorkerState.STARTING;
	}

	RecyclePolicy.Usage usage(long now) {
		if (this.seat == null || this.member == null) {
			return new RecyclePolicy.Usage(0, Duration.ZERO, 0, 0);
		}
		Member.Memory memory = this.member.memory();
		return new RecyclePolicy.Usage(this.seat.served(), Duration.ofNanos(now - this.readyAt), memory.resident(),
				memory.heapAfterCollection());
	}

	/**
	 * A place in a pool. Its number stays, the members come and go.
	 */
	static final class Slot {

		final int number;

		/** The member that serves, or that starts to fill the slot. */
		@Nullable Tenure tenure;

		/** The member that starts to replace the one that serves. */
		@Nullable Tenure successor;

		/** How many members in a row have died before they had lived long enough. */
		int deaths;

		boolean removed;

		@Nullable String lastExit;

		Slot(int number) {
			this.number = number;
		}

		/** Whether a member that was ready is there. */
		boolean isServed() {
			return this.tenure != null && this.tenure.seat != null;
		}

		/** Who is there now, if it is more than about to be started. */
		@Nullable PeerId occupant() {
			return (this.tenure != null && this.tenure.member != null) ? this.tenure.member.id() : null;
		}

		String describe() {
			PeerId occupant = occupant();
			return (occupant != null) ? occupant.toString() : "slot " + this.number;
		}

	}

}
