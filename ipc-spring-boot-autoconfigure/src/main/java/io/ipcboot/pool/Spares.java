package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Workers that have no slot yet. Used by the supervisor's loop only.
 */
final class Spares {

	private final Deque<PoolEntry> ready = new ArrayDeque<>();

	private final List<PoolEntry> starting = new ArrayList<>();

	/** How many spares in a row died before they had lived long enough. */
	int deaths;

	void add(PoolEntry entry) {
		this.starting.add(entry);
	}

	void ready(PoolEntry entry) {
		if (this.starting.remove(entry)) {
			this.ready.add(entry);
		}
	}

	/** Forget a worker that leaves or has ended. */
	void remove(PoolEntry entry) {
		this.starting.remove(entry);
		this.ready.remove(entry);
	}

	/** Return a spare that is ready, and forget it. */
	@Nullable PoolEntry take() {
		forgetCondemned();
		return this.ready.poll();
	}

	boolean isAnyReady() {
		forgetCondemned();
		return !this.ready.isEmpty();
	}

	/**
	 * Forget the workers that are being killed: ending takes them a moment, and they must
	 * not get a slot.
	 */
	private void forgetCondemned() {
		this.ready.removeIf(PoolEntry::isCondemned);
	}

	/** Return the number of spares that are ready. */
	int ready() {
		return this.ready.size();
	}

	/** Return the number of spares, ready or not. */
	int count() {
		return this.starting.size() + this.ready.size();
	}

	List<PoolEntry> all() {
		List<PoolEntry> all = new ArrayList<>(this.starting);
		all.addAll(this.ready);
		return all;
	}

}
