package io.ipcboot;

import java.util.concurrent.CompletableFuture;

import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.RolloutResult;

/**
 * What an operator can do with a pool while it runs. Nothing here blocks.
 */
public interface PoolOperations extends MessageOperations {

	/**
	 * Have another number of workers. Those that are not needed any more finish what they
	 * have started and leave.
	 * @param size the number of workers
	 * @return completes when the others are being started or have been told to leave
	 */
	CompletableFuture<Void> resize(int size);

	/**
	 * Replace all workers one after the other, for example after new code was installed:
	 * a replacement gets ready and takes over, then the old worker finishes and leaves.
	 * Stops at the first one that cannot start, and those that were not replaced stay. A
	 * restart that is asked for meanwhile is the same one.
	 * @return completes with what happened in each slot
	 */
	CompletableFuture<RolloutResult> restart();

	/**
	 * Let one worker finish what it has started and leave. It is replaced then.
	 * @param slot the number of its slot
	 * @return completes with whether there was a worker
	 */
	CompletableFuture<Boolean> drain(int slot);

	/**
	 * Replace one worker: another one gets ready and takes over its slot, then it
	 * finishes what it has started and leaves.
	 * @param slot the number of the slot
	 * @param reason why, for the log: "it is recycled, because" is put in front
	 * @return completes with whether there was a worker
	 */
	CompletableFuture<Boolean> recycle(int slot, String reason);

	/**
	 * Kill one worker. It is replaced.
	 * @param slot the number of its slot
	 * @return completes with whether there was a worker
	 */
	CompletableFuture<Boolean> kill(int slot);

	/**
	 * Take a message out of quarantine.
	 * @param id the id of its entry in the snapshot
	 * @return {@code false} if there is no such entry
	 */
	boolean release(String id);

	/**
	 * Return what the pool is doing.
	 * @return completes with slots, queue, memory, last exits and quarantine
	 */
	CompletableFuture<PoolSnapshot> snapshot();

}
