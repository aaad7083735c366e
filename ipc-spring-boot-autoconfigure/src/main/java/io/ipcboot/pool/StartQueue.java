package io.ipcboot.pool;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Lets only some workers start at a time, of all pools together: a JVM needs whole
 * processors while it starts, and of many that start at once none gets ready in time.
 * Workers that replace dead ones come first. Safe for use by several threads.
 */
public final class StartQueue {

	private final int limit;

	private final Deque<Turn> urgent = new ArrayDeque<>();

	private final Deque<Turn> others = new ArrayDeque<>();

	private int starting;

	/**
	 * Create a queue.
	 * @param limit how many workers start at a time
	 */
	public StartQueue(int limit) {
		Settings.requireAtLeast("parallel-starts", 1, limit);
		this.limit = limit;
	}

	/**
	 * Wait for a turn.
	 * @param first whether the worker replaces one that died
	 * @param start starts the worker, on any thread, perhaps at once; must not block
	 * @return the turn, to be ended when the worker has started
	 */
	Turn enter(boolean first, Runnable start) {
		Turn turn = new Turn(start);
		synchronized (this) {
			(first ? this.urgent : this.others).add(turn);
		}
		next();
		return turn;
	}

	private void next() {
		Turn turn;
		while ((turn = poll()) != null) {
			turn.start.run();
		}
	}

	private synchronized @Nullable Turn poll() {
		if (this.starting >= this.limit) {
			return null;
		}
		Turn turn = this.urgent.isEmpty() ? this.others.poll() : this.urgent.poll();
		if (turn != null) {
			this.starting++;
			turn.begun = true;
		}
		return turn;
	}

	/**
	 * The turn of one worker.
	 */
	final class Turn {

		private final Runnable start;

		private boolean begun;

		private boolean ended;

		private Turn(Runnable start) {
			this.start = start;
		}

		/**
		 * Give up a turn that has not begun.
		 * @return {@code false} if it has begun
		 */
		boolean cancel() {
			synchronized (StartQueue.this) {
				return !this.begun && (StartQueue.this.urgent.remove(this) || StartQueue.this.others.remove(this));
			}
		}

		/** End the turn, if that has not been done yet, and let the next worker start. */
		void end() {
			synchronized (StartQueue.this) {
				if (!this.begun || this.ended) {
					return;
				}
				this.ended = true;
				StartQueue.this.starting--;
			}
			next();
		}

	}

}
