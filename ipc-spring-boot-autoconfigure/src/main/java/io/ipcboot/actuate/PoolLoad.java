package io.ipcboot.actuate;

import java.util.stream.Stream;

import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.pool.WorkerState;

/**
 * Sums over the workers of a pool.
 */
final class PoolLoad {

	private PoolLoad() {
	}

	static int ready(PoolSnapshot pool) {
		return inState(pool, WorkerState.READY);
	}

	static int inState(PoolSnapshot pool, WorkerState state) {
		return (int) pool.slots().stream().filter((slot) -> slot.state() == state).count();
	}

	/** Return how many workers have a message or call. */
	static int busy(PoolSnapshot pool) {
		return (int) readyWorkers(pool).filter((slot) -> slot.inFlight() > 0 || !slot.work().isEmpty()).count();
	}

	/**
	 * Return how much of what the workers can do at a time they have to do.
	 * @param concurrency how many calls a worker runs at a time
	 * @return 0 to 1; 1 if there is no worker that takes messages
	 */
	static double busyShare(PoolSnapshot pool, int concurrency) {
		long places = (long) ready(pool) * concurrency;
		long inFlight = readyWorkers(pool).mapToLong(SlotSnapshot::inFlight).sum();
		return (places > 0) ? Math.min(1, (double) inFlight / places) : 1;
	}

	private static Stream<SlotSnapshot> readyWorkers(PoolSnapshot pool) {
		return pool.slots().stream().filter((slot) -> slot.state() == WorkerState.READY);
	}

}
