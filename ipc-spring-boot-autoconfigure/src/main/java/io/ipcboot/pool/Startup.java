package io.ipcboot.pool;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.pool.Tenure.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Whether a pool has started: when all its slots are filled or, if it goes on without,
 * when each was tried. Runs on the loop.
 */
final class Startup {

	private final CompletableFuture<Void> result = new CompletableFuture<>();

	private final boolean failFast;

	Startup(boolean failFast) {
		this.failFast = failFast;
	}

	CompletableFuture<Void> result() {
		return this.result;
	}

	void check(Collection<Slot> slots) {
		if (!this.result.isDone() && slots.stream().allMatch(this::isStarted)) {
			this.result.complete(null);
		}
	}

	private boolean isStarted(Slot slot) {
		return slot.isServed() || (!this.failFast && slot.deaths > 0);
	}

	/**
	 * A member has ended.
	 * @param failure why it was never ready, or {@code null} if it was
	 * @return whether that fails the start
	 */
	boolean isFailedBy(@Nullable WorkerStartException failure) {
		return this.failFast && failure != null && this.result.completeExceptionally(failure);
	}

	/**
	 * Members start, and die as soon as they serve.
	 */
	void degraded(PoolDegradedException reason) {
		if (this.failFast) {
			this.result.completeExceptionally(reason);
		}
	}

	void abort(PoolClosedException reason) {
		this.result.completeExceptionally(reason);
	}

}
