package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

import io.ipcboot.channel.UntrustedText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Replaces healthy workers, never in more slots of a pool at a time than the policy
 * allows, whatever the purpose: the replacement gets ready, takes over, and the old
 * worker leaves. Used by the supervisor's loop only.
 */
final class Replacements {

	private static final Log logger = LogFactory.getLog(Replacements.class);

	/** Slots in which a worker is being replaced. */
	private final Set<Slot> busy = new HashSet<>();

	private final Deque<Turn> waiting = new ArrayDeque<>();

	/** Workers that are to be recycled. */
	private final Set<PoolEntry> due = new HashSet<>();

	private final Supervisor supervisor;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	/** Whether no worker is recycled for now because a replacement could not start. */
	private boolean paused;

	Replacements(Supervisor supervisor, PoolSettings settings, SupervisorLoop loop) {
		this.supervisor = supervisor;
		this.settings = settings;
		this.loop = loop;
	}

	/**
	 * Recycle a worker if it has reached a limit.
	 */
	void check(PoolEntry entry) {
		if (!this.paused && entry.isServing() && !this.due.contains(entry)) {
			String reason = this.settings.recycle()
				.due(entry.limits, entry.usage(this.loop.nanoTime()), this.settings.restart().backoff().resetAfter());
			if (reason != null) {
				recycle(entry, reason);
			}
		}
	}

	/**
	 * Replace a worker as soon as it is the turn of its slot, unless that is already
	 * planned.
	 */
	void recycle(PoolEntry entry, String reason) {
		Slot slot = entry.slot;
		if (slot == null || entry.worker == null || !entry.isServing() || !this.due.add(entry)) {
			return;
		}
		logger.info(entry.worker.id() + " is being recycled because " + UntrustedText.line(reason));
		entry.ended.thenRun(() -> this.due.remove(entry));
		request(slot, () -> replace(slot, entry));
	}

	private void replace(Slot slot, PoolEntry old) {
		if (old.isServing() && !this.paused) {
			this.supervisor.replace(slot, false).thenAccept((failure) -> replaced(slot, old, failure));
		}
		else {
			finished(slot, old);
		}
	}

	private void replaced(Slot slot, PoolEntry old, @Nullable WorkerStartException failure) {
		if (failure == null) {
			old.ended.thenRun(() -> finished(slot, old));
			return;
		}
		if (!slot.removed && !this.supervisor.isStopping()) {
			logger.warn("The replacement could not start, so %s is kept for now".formatted(slot.describe()));
			this.paused = true;
			this.loop.schedule(() -> this.paused = false, this.settings.restart().probeInterval());
		}
		finished(slot, old);
	}

	private void finished(Slot slot, PoolEntry old) {
		this.due.remove(old);
		done(slot);
	}

	/**
	 * Replace the worker of a slot when it is the turn of the slot.
	 * @param action replaces the worker, and is followed by {@link #done}
	 */
	void request(Slot slot, Runnable action) {
		this.waiting.add(new Turn(slot, action));
		next();
	}

	/**
	 * End the turn of a slot because its old worker left, or stays.
	 */
	void done(Slot slot) {
		this.busy.remove(slot);
		next();
	}

	private void next() {
		Turn turn;
		while (this.busy.size() < this.settings.recycle().parallel() && (turn = poll()) != null) {
			this.busy.add(turn.slot);
			turn.action.run();
		}
	}

	private @Nullable Turn poll() {
		for (Iterator<Turn> turns = this.waiting.iterator(); turns.hasNext();) {
			Turn turn = turns.next();
			if (!this.busy.contains(turn.slot)) {
				turns.remove();
				return turn;
			}
		}
		return null;
	}

	private record Turn(Slot slot, Runnable action) {

	}

}
