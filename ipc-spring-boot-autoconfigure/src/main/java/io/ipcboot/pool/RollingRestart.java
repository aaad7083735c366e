package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.PeerId;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Replaces all workers of a pool one after the other, the replacement first. Stops at the
 * first replacement that cannot start; workers that were not replaced stay. Used by the
 * supervisor's loop only.
 */
final class RollingRestart {

	private static final Log logger = LogFactory.getLog(RollingRestart.class);

	private final CompletableFuture<RollingRestartResult> result = new CompletableFuture<>();

	private final List<RollingRestartResult.Step> steps = new ArrayList<>();

	private final String pool;

	private final Deque<Slot> left;

	private final int slots;

	private final List<PoolEntry> oldSpares;

	private final Supervisor supervisor;

	private final Replacements replacements;

	private int replaced;

	private boolean halted;

	RollingRestart(String pool, Supervisor supervisor, Replacements replacements) {
		this.pool = pool;
		this.supervisor = supervisor;
		this.replacements = replacements;
		this.left = new ArrayDeque<>(supervisor.slots());
		this.slots = this.left.size();
		this.oldSpares = supervisor.spares().all();
	}

	CompletableFuture<RollingRestartResult> result() {
		return this.result;
	}

	PoolSnapshot.RestartProgress progress() {
		return new PoolSnapshot.RestartProgress(this.steps.size(), Math.max(this.slots, this.steps.size()));
	}

	void begin() {
		logger.info("Pool '%s' is replacing its %d workers one after the other".formatted(this.pool, this.left.size()));
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
			this.replacements.request(slot, () -> replace(slot));
		}
	}

	/** Return a slot that an old spare took over from a new worker that died. */
	private @Nullable Slot slotOfOldSpare() {
		if (this.halted || this.supervisor.isStopping()) {
			return null;
		}
		return this.supervisor.slots()
			.stream()
			.filter((slot) -> !slot.removed && slot.entry != null && this.oldSpares.contains(slot.entry))
			.findFirst()
			.orElse(null);
	}

	private void stays(Slot slot) {
		this.steps.add(new RollingRestartResult.Step(slot.number, slot.occupant(), slot.occupant(), null));
		next();
	}

	private void replace(Slot slot) {
		if (slot.removed || this.supervisor.isStopping()) {
			this.replacements.done(slot);
			stays(slot);
			return;
		}
		PoolEntry old = slot.entry;
		PeerId before = slot.occupant();
		CompletableFuture<Void> left = (old != null) ? old.ended : CompletableFuture.completedFuture(null);
		this.supervisor.replace(slot, true).thenAccept((failure) -> replaced(slot, left, before, failure));
	}

	private void replaced(Slot slot, CompletableFuture<Void> left, @Nullable PeerId before,
			@Nullable WorkerStartException failure) {
		// a slot that was given up meanwhile does not count as a failure
		this.halted = failure != null && !slot.removed;
		this.steps.add(new RollingRestartResult.Step(slot.number, before, slot.occupant(),
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
		this.replacements.done(slot);
		next();
	}

	private void finish() {
		boolean complete = !this.halted && !this.supervisor.isStopping();
		if (complete) {
			List<PoolEntry> spares = this.supervisor.spares().all();
			this.oldSpares.stream().filter(spares::contains).forEach(this.supervisor::dismiss);
		}
		String outcome = "Pool '%s' replaced %d of %d workers".formatted(this.pool, this.replaced, this.steps.size());
		if (complete) {
			logger.info(outcome);
		}
		else {
			logger
				.warn(outcome + (this.halted ? "; a replacement could not start, so the other workers are kept" : ""));
		}
		this.result.complete(new RollingRestartResult(complete, List.copyOf(this.steps)));
	}

}
