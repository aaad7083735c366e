package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A pool at one moment.
 *
 * @param name the name of the pool
 * @param state what the pool is doing
 * @param degradation why the pool is degraded, or {@code null}
 * @param slots the slots, in the order of their numbers
 * @param spares how many workers wait to take over a slot
 * @param waiting how many messages and calls wait for a worker
 * @param queueCapacity how many messages and calls may wait
 * @param refused how many messages and calls were refused because too many waited, since
 * the pool was started
 * @param quarantine the messages that are refused
 * @param restart how far a rolling restart has come, or {@code null} if none is under way
 */
public record PoolSnapshot(String name, PoolState state, @Nullable String degradation, List<SlotSnapshot> slots,
		int spares, int waiting, int queueCapacity, long refused, List<QuarantinedMessage> quarantine,
		@Nullable RestartProgress restart) {

	/**
	 * A slot at one moment. Values that concern the worker are 0 or {@code null} if there
	 * is none.
	 *
	 * @param slot the number of the slot
	 * @param state the state of the worker
	 * @param pid the process id
	 * @param uptime how long the worker has been ready
	 * @param served how many messages and calls the worker is done with
	 * @param inFlight how many messages and calls the worker has
	 * @param resident the resident memory of the worker, in bytes
	 * @param heapAfterCollection how much of the worker's heap survived a collection, in
	 * bytes
	 * @param deaths how many workers of the slot died in a row
	 * @param lastExit how the last worker ended
	 * @param work what the worker has, what it has had longest first; at most
	 * {@value #MAX_WORK}
	 * @param exits how the last workers of the slot ended, the latest first
	 * @param lastLines what the last worker that ended printed last
	 */
	public record SlotSnapshot(int slot, @Nullable WorkerState state, long pid, Duration uptime, long served,
			int inFlight, long resident, long heapAfterCollection, int deaths, @Nullable String lastExit,
			List<Work> work, List<Exit> exits, List<String> lastLines) {

		/** How much work of a worker is described. */
		static final int MAX_WORK = 10;

	}

	/**
	 * A message or call that a worker has.
	 *
	 * @param destination its destination
	 * @param call whether the sender waits for a reply
	 * @param age how long the worker has had it
	 */
	public record Work(String destination, boolean call, Duration age) {

	}

	/**
	 * The end of a worker.
	 *
	 * @param ago how long ago it ended
	 * @param pid its process id, or -1 if the process could not be forked
	 * @param cause why it died, or {@code null} if it left
	 * @param description how it ended, in a few words
	 * @param uptime how long the process ran
	 */
	public record Exit(Duration ago, long pid, @Nullable LossCause cause, String description, Duration uptime) {

	}

	/**
	 * How far a rolling restart has come.
	 *
	 * @param done how many slots are done
	 * @param slots how many slots there are to do
	 */
	public record RestartProgress(int done, int slots) {

	}

	/**
	 * A message that is refused.
	 *
	 * @param id identifies the entry, for {@code release}
	 * @param destination the destination of the message
	 * @param deaths how many workers died while they had the message
	 * @param remaining how long the message is still refused
	 */
	public record QuarantinedMessage(String id, String destination, int deaths, Duration remaining) {

	}

}
