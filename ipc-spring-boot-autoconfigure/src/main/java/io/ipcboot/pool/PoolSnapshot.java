package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment.
 *
 * @param name its name
 * @param state what it is doing
 * @param degradation why it is degraded, or {@code null}
 * @param slots its slots in order
 * @param spares how many workers wait to take over a slot
 * @param waiting how many messages and calls wait for a worker
 * @param queueCapacity how many may wait
 * @param refused how many were refused because too many waited, since it was started
 * @param quarantine messages that are refused
 */
public record PoolSnapshot(String name, PoolState state, @Nullable String degradation, List<SlotSnapshot> slots,
		int spares, int waiting, int queueCapacity, long refused, List<Quarantine.Entry> quarantine) {

	/**
	 * A slot at one moment. What concerns its worker is 0 or {@code null} if there is
	 * none.
	 *
	 * @param slot its number
	 * @param state where its worker is in its life
	 * @param pid the process id
	 * @param uptime how long it has been ready
	 * @param served how many messages and calls it is done with
	 * @param inFlight how many messages and calls it has
	 * @param resident its resident memory, in bytes
	 * @param heapAfterCollection what is left of its heap after a collection, in bytes
	 * @param deaths how many workers of the slot have died in a row
	 * @param lastExit how the last one ended
	 */
	public record SlotSnapshot(int slot, @Nullable WorkerState state, long pid, Duration uptime, long served,
			int inFlight, long resident, long heapAfterCollection, int deaths, @Nullable String lastExit) {

	}

}
