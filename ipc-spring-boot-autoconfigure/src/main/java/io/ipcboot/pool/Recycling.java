package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

import io.ipcboot.pool.Tenure.Slot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Replaces healthy members that have reached a limit, never more slots at a time than the
 * policy allows: the replacement gets ready, takes over, and the old one leaves. Runs on
 * the loop.
 */
final class Recycling {

	private static final Log logger = LogFactory.getLog(Recycling.class);

	private final Deque<Tenure> due = new ArrayDeque<>();

	private final Set<Slot> replacing = new HashSet<>();

	private final Supervisor supervisor;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	private boolean paused;

	Recycling(Supervisor supervisor, PoolSettings settings, SupervisorLoop loop) {
		this.supervisor = supervisor;
		this.settings = settings;
		this.loop = loop;
	}

	/**
	 * Replace a member if it has reached a limit.
	 */
	void check(Tenure tenure) {
		if (!tenure.isServing() || this.due.contains(tenure) || this.replacing.contains(tenure.slot)) {
			return;
		}
		String reason = this.settings.recycle().due(tenure.limits, tenure.usage(this.loop.nanoTime()));
		if (reason != null && tenure.member != null) {
			logger.info(tenure.member.id() + " is recycled, because " + reason);
			this.due.add(tenure);
			next();
		}
	}

	private void next() {
		while (this.replacing.size() < this.settings.recycle().parallel() && !this.due.isEmpty() && !this.paused) {
			Tenure old = this.due.remove();
			Slot slot = old.slot;
			if (old.isServing() && slot != null) {
				this.replacing.add(slot);
				this.supervisor.replace(slot).thenAccept((failure) -> replaced(slot, old, failure));
			}
		}
	}

	private void replaced(Slot slot, Tenure old, @Nullable WorkerStartException failure) {
		if (failure == null) {
			old.ended.thenRun(() -> finished(slot));
			return;
		}
		logger.warn("The replacement could not start, so " + slot.describe() + " stays for now: "
				+ String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
		this.paused = true;
		this.loop.schedule(() -> {
			this.paused = false;
			finished(slot);
		}, this.settings.restart().probeInterval());
	}

	private void finished(Slot slot) {
		this.replacing.remove(slot);
		next();
	}

}
