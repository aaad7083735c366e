package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Members that have no slot yet. Runs on the loop.
 */
final class Spares {

	private final Deque<Tenure> ready = new ArrayDeque<>();

	private final List<Tenure> starting = new ArrayList<>();

	/** How many have died in a row before they had lived long enough or got a slot. */
	int deaths;

	void add(Tenure tenure) {
		this.starting.add(tenure);
	}

	void ready(Tenure tenure) {
		if (this.starting.remove(tenure)) {
			this.ready.add(tenure);
		}
	}

	/** It leaves, or has ended. */
	void remove(Tenure tenure) {
		this.starting.remove(tenure);
		this.ready.remove(tenure);
	}

	/** Return one that is ready, and forget it. */
	@Nullable Tenure take() {
		forgetCondemned();
		return this.ready.poll();
	}

	boolean isAnyReady() {
		forgetCondemned();
		return !this.ready.isEmpty();
	}

	/** Their end takes a moment. */
	private void forgetCondemned() {
		this.ready.removeIf((tenure) -> tenure.seat != null && tenure.seat.isCondemned());
	}

	/** How many are ready. */
	int ready() {
		return this.ready.size();
	}

	/** How many there are, ready or not. */
	int count() {
		return this.starting.size() + this.ready.size();
	}

	List<Tenure> all() {
		List<Tenure> all = new ArrayList<>(this.starting);
		all.addAll(this.ready);
		return all;
	}

}
