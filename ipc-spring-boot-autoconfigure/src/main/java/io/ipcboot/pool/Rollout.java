package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.PeerId;
import io.ipcboot.pool.Tenure.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Replaces all members of a pool one after the other, the replacement first. Stops at the
 * first one that cannot start; those that were not replaced stay. Runs on the loop.
 */
final class Rollout {

	private final CompletableFuture<RolloutResult> result = new CompletableFuture<>();

	private final List<RolloutResult.Step> steps = new ArrayList<>();

	private final Deque<Slot> left;

	private final Supervisor supervisor;

	private boolean halted;

	Rollout(Supervisor supervisor) {
		this.supervisor = supervisor;
		this.left = new ArrayDeque<>(supervisor.slots());
	}

	CompletableFuture<RolloutResult> result() {
		return this.result;
	}

	void next() {
		Slot slot = this.left.poll();
		if (slot == null || this.supervisor.isStopping()) {
			this.result.complete(new RolloutResult(!this.halted && slot == null, List.copyOf(this.steps)));
		}
		else if (this.halted || slot.removed || slot.tenure == null) {
			this.steps.add(new RolloutResult.Step(slot.number, slot.occupant(), slot.occupant(), null));
			next();
		}
		else {
			replace(slot, slot.tenure);
		}
	}

	private void replace(Slot slot, Tenure old) {
		PeerId before = slot.occupant();
		this.supervisor.replace(slot).thenAccept((failure) -> replaced(slot, old, before, failure));
	}

	private void replaced(Slot slot, Tenure old, @Nullable PeerId before, @Nullable WorkerStartException failure) {
		this.halted = failure != null;
		this.steps.add(new RolloutResult.Step(slot.number, before, slot.occupant(),
				(failure != null) ? failure.getMessage() : null));
		if (this.halted) {
			next();
		}
		else {
			old.ended.thenRun(this::next);
		}
	}

}
