package io.ipcboot.pool;

import java.time.Duration;

import io.ipcboot.channel.PeerId;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A place for a worker in a pool. The number of the slot stays, its workers come and go.
 * Used by the supervisor's loop only.
 */
final class Slot {

	final int number;

	/** The worker that serves, or that starts to fill the slot. */
	@Nullable PoolEntry entry;

	/** The worker that starts to replace the one that serves. */
	@Nullable PoolEntry successor;

	/** How many workers in a row died before they had lived long enough. */
	int deaths;

	/** Whether the pool does without the slot. */
	boolean removed;

	/** How the last worker ended, in words. */
	@Nullable String lastExit;

	Slot(int number) {
		this.number = number;
	}

	/** Return whether the worker of the slot became ready. */
	boolean isServed() {
		return this.entry != null && this.entry.load != null;
	}

	/** Return the worker whose process runs, if there is one. */
	@Nullable PeerId occupant() {
		return (this.entry != null && this.entry.worker != null) ? this.entry.worker.id() : null;
	}

	String describe() {
		PeerId occupant = occupant();
		return (occupant != null) ? occupant.toString() : "slot " + this.number;
	}

	SlotSnapshot snapshot(PoolRouter router, long now) {
		PooledWorker worker = (this.entry != null) ? this.entry.worker : null;
		if (this.entry == null || worker == null) {
			return new SlotSnapshot(this.number, null, -1, Duration.ZERO, 0, 0, 0, 0, this.deaths, this.lastExit);
		}
		RecyclePolicy.Usage usage = this.entry.usage(now);
		PooledWorker.Memory memory = worker.memory();
		int inFlight = (this.entry.load != null) ? router.outstanding(this.entry.load) : 0;
		return new SlotSnapshot(this.number, this.entry.state(), worker.id().pid(), usage.age(), usage.calls(),
				inFlight, memory.resident(), memory.heapAfterCollection(), this.deaths, this.lastExit);
	}

}
