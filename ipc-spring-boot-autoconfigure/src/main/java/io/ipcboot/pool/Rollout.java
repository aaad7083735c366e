package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.PeerId;
import io.ipcboot.pool.Tenure.Slot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Replaces all members of a pool one after the other, the replacement first. Stops at the
 * first one that cannot start; those that were not replaced stay. Runs on the loop.
 */
final class Rollout {

	private static final Log logger = LogFactory.getLog(Rollout.class);

	private final CompletableFuture<RolloutResult> result = new CompletableFuture<>();

	private final List<RolloutResult.Step> steps = new ArrayList<>();

	private final String pool;

	private final Deque<Slot> left;

	private final List<Tenure> oldSpares;

	private final Supervisor supervisor;

	private final Turnover turnover;

	private int replaced;

	private boolean halted;

	Rollout(String pool, Supervisor supervisor, Turnover turnover) {
		this.pool = pool;
		this.supervisor = supervisor;
		this.turnover = turnover;
		this.left = new ArrayDeque<>(supervisor.slots());
		this.oldSpares = supervisor.spares().all();
	}

	CompletableFuture<RolloutResult> result() {
		return this.result;
	}

	void begin() {
		logger.info("Pool '%s' replaces its %d workers one after the other".formatted(this.pool, this.left.size()));
		next();
	}

	private void next() {
		Slot slot = this.left.isEmpty() ? slotOfOldSpare() : this.left.remove();
		if (slot == null) {
			finish();
		}
		else if (this.halted || this.supervisor.isStopping()) {
			stays(slot);
		}
		else {
			this.turnover.request(slot, () -> replace(slot));
		}
	}

	/** It may have stepped in for a new member that has died. */
	private @Nullable Slot slotOfOldSpare() {
		if (this.halted || this.supervisor.isStopping()) {
			return null;
		}
		return this.supervisor.slots()
			.stream()
			.filter((slot) -> !slot.removed && slot.tenure != null && this.oldSpares.contains(slot.tenure))
			.findFirst()
			.orElse(null);
	}

	private void stays(Slot slot) {
		this.steps.add(new RolloutResult.Step(slot.number, slot.occupant(), slot.occupant(), null));
		next();
	}

	private void replace(Slot slot) {
		if (slot.removed || this.supervisor.isStopping()) {
			this.turnover.done(slot);
			stays(slot);
			return;
		}
		Tenure old = slot.tenure;
		PeerId before = slot.occupant();
		CompletableFuture<Void> left = (old != null) ? old.ended : CompletableFuture.completedFuture(null);
		this.supervisor.replace(slot, true).thenAccept((failure) -> replaced(slot, left, before, failure));
	}

	private void replaced(Slot slot, CompletableFuture<Void> left, @Nullable PeerId before,
			@Nullable WorkerStartException failure) {
		// that the slot was given up meanwhile is no failure
		this.halted = failure != null && !slot.removed;
		this.steps.add(new RolloutResult.Step(slot.number, before, slot.occupant(),
				(this.halted && failure != null) ? failure.getMessage() : null));
		if (failure != null) {
			proceed(slot);
		}
		else {
			this.replaced++;
			left.thenRun(() -> proceed(slot));
		}
	}

	private void proceed(Slot slot) {
		this.turnover.done(slot);
		next();
	}

	private void finish() {
		boolean complete = !this.halted && !this.supervisor.isStopping();
		if (complete) {
			List<Tenure> spares = this.supervisor.spares().all();
			this.oldSpares.stream().filter(spares::contains).forEach(this.supervisor::dismiss);
		}
		String outcome = "Pool '%s' has replaced %d of %d workers".formatted(this.pool, this.replaced,
				this.steps.size());
		if (complete) {
			logger.info(outcome);
		}
		else {
			logger.warn(outcome + (this.halted ? "; the others stay" : ""));
		}
		this.result.complete(new RolloutResult(complete, List.copyOf(this.steps)));
	}

}
