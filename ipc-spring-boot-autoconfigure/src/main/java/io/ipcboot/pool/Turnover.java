package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

import io.ipcboot.pool.Tenure.Slot;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that never more slots of a pool are replaced on purpose at a time than
 * allowed, whatever the purpose. Runs on the loop.
 */
final class Turnover {

	private final Set<Slot> busy = new HashSet<>();

	private final Deque<Turn> waiting = new ArrayDeque<>();

	private final int parallel;

	Turnover(int parallel) {
		this.parallel = parallel;
	}

	/**
	 * Replace the member of a slot when it is its turn.
	 * @param action does so; is followed by {@link #done}
	 */
	void request(Slot slot, Runnable action) {
		this.waiting.add(new Turn(slot, action));
		next();
	}

	/**
	 * The old member of a slot has left, or stays.
	 */
	void done(Slot slot) {
		this.busy.remove(slot);
		next();
	}

	private void next() {
		Turn turn;
		while (this.busy.size() < this.parallel && (turn = poll()) != null) {
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
