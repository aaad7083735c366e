package io.ipcboot;

import java.util.concurrent.CompletableFuture;

import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.RollingRestartResult;
import org.jspecify.annotations.Nullable;

/**
 * Operations on a pool. None of them blocks. Listeners that are added here are for the
 * messages of all workers of the pool, whether the pool is running or not; the sender is
 * a parameter of an annotated method. Listeners of one worker are added to its
 * {@link ChildProcess}, and come first.
 */
public interface PoolOperations extends MessageOperations, ListenerOperations<PoolOperations> {

	/**
	 * Change the number of workers. Workers that are no longer needed finish what they
	 * started and leave.
	 * @param size the number of workers
	 * @return completes when additional workers are being started, or surplus workers
	 * were told to leave
	 */
	CompletableFuture<Void> resize(int size);

	/**
	 * Replace all workers one after the other, for example after new code was installed:
	 * a replacement gets ready and takes over, then the old worker finishes and leaves.
	 * Stops at the first replacement that cannot start; workers that were not replaced
	 * stay. A restart that is requested while one is running joins it.
	 * @return completes with what happened in each slot
	 */
	CompletableFuture<RollingRestartResult> restart();

	/**
	 * Let one worker finish what it started and leave, and then replace it.
	 * @param slot the number of its slot
	 * @return completes with whether there was a worker
	 */
	CompletableFuture<Boolean> drain(int slot);

	/**
	 * Replace one worker: another worker gets ready and takes over the slot, then the old
	 * one finishes what it started and leaves.
	 * @param slot the number of the slot
	 * @param reason why, for the log: it completes "is being recycled because"
	 * @return completes with whether there was a worker
	 */
	CompletableFuture<Boolean> recycle(int slot, String reason);

	/**
	 * Kill one worker, which is then replaced.
	 * @param slot the number of its slot
	 * @return completes with whether there was a worker
	 */
	CompletableFuture<Boolean> kill(int slot);

	/**
	 * Let one worker print its threads, which may show why it hangs. The threads are in
	 * the output of the worker, too.
	 * @param slot the number of its slot
	 * @return completes with what the worker prints, or with {@code null} if there is no
	 * worker; fails with an {@link IllegalStateException} if the worker cannot be asked,
	 * or prints nothing in time
	 */
	CompletableFuture<@Nullable String> printThreads(int slot);

	/**
	 * Release a message from quarantine.
	 * @param id the id of its entry in the snapshot
	 * @return {@code false} if there is no such entry
	 */
	boolean release(String id);

	/**
	 * Return a snapshot of the pool.
	 * @return completes with slots, queue, memory, last exits and quarantine
	 */
	CompletableFuture<PoolSnapshot> snapshot();

}
