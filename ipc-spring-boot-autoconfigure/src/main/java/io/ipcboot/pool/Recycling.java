package io.ipcboot.pool;

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

	private final Set<Tenure> due = new HashSet<>();

	private final Supervisor supervisor;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	private final Turnover turnover;

	private boolean paused;

	Recycling(Supervisor supervisor, PoolSettings settings, SupervisorLoop loop, Turnover turnover) {
		this.supervisor = supervisor;
		this.settings = settings;
		this.loop = loop;
		this.turnover = turnover;
	}

	/**
	 * Replace a member if it has reached a limit.
	 */
	void check(Tenure tenure) {
		if (!this.paused && tenure.isServing() && !this.due.contains(tenure)) {
			String reason = this.settings.recycle()
				.due(tenure.limits, tenure.usage(this.loop.nanoTime()), this.settings.restart().backoff().resetAfter());
			if (reason != null) {
				recycle(tenure, reason);
			}
		}
	}

	/**
	 * Replace a member as soon as its turn comes, unless that is planned already.
	 */
	void recycle(Tenure tenure, String reason) {
		Slot slot = tenure.slot;
		if (slot == null || tenure.member == null || !tenure.isServing() || !this.due.add(tenure)) {
			return;
		}
		logger.info(tenure.member.id() + " is recycled, because " + reason);
		tenure.ended.thenRun(() -> this.due.remove(tenure));
		this.turnover.request(slot, () -> replace(slot, tenure));
	}

	private void replace(Slot slot, Tenure old) {
		if (old.isServing() && !this.paused) {
			this.supervisor.replace(slot, false).thenAccept((failure) -> replaced(slot, old, failure));
		}
		else {
			finished(slot, old);
		}
	}

	private void replaced(Slot slot, Tenure old, @Nullable WorkerStartException failure) {
		if (failure == null) {
			old.ended.thenRun(() -> finished(slot, old));
			return;
		}
		if (!slot.removed && !this.supervisor.isStopping()) {
			logger.warn("The replacement could not start, so %s stays for now".formatted(slot.describe()));
			this.paused = true;
			this.loop.schedule(() -> this.paused = false, this.settings.restart().probeInterval());
		}
		finished(slot, old);
	}

	private void finished(Slot slot, Tenure old) {
		this.due.remove(old);
		this.turnover.done(slot);
	}

}
