package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Peer;
import org.jspecify.annotations.Nullable;

/**
 * A worker as its pool sees it. Safe for use by several threads; only {@link #transmit}
 * may block.
 */
interface PooledWorker {

	/**
	 * Return the identity of the worker: pool, slot and process id.
	 */
	PeerId id();

	/**
	 * Return how the worker ended.
	 * @return the exit, or {@code null} unless the state is EXITED
	 */
	@Nullable WorkerExit exit();

	/**
	 * Give the worker a slot.
	 */
	void assign(int slot);

	/**
	 * Send the worker a message.
	 * @throws io.ipcboot.channel.IpcException if it was not admitted
	 */
	void transmit(Exchange exchange);

	/**
	 * Send the worker a message, unless sending would have to wait until the worker has
	 * read others.
	 * @return {@code false} if sending would have to wait
	 * @throws io.ipcboot.channel.IpcException if it was not admitted
	 */
	boolean offer(Exchange exchange);

	/**
	 * Return whether {@link #transmit} would return at once.
	 */
	boolean isWritable();

	/**
	 * Return whether messages can be sent, possibly after a wait.
	 * @return {@code false} if the worker is leaving or has ended
	 */
	boolean isConnected();

	/**
	 * Return when it is worth asking again, if the worker is not {@link #isWritable}.
	 * @return completes when the worker has read enough, or will never do so
	 */
	CompletableFuture<Void> onWritable();

	/**
	 * Return the concurrency of a listener that has a limit of its own.
	 * @return the limit, 0 if there is none; never changes
	 */
	int concurrencyOf(String destination);

	/**
	 * Let the worker finish what it started and leave; kill the worker if that takes too
	 * long.
	 */
	void drain(Duration grace);

	/**
	 * Let the worker print its threads, which may show why it hangs.
	 * @return completes with what it prints; fails if it cannot be asked, or prints
	 * nothing
	 */
	CompletableFuture<String> printThreads();

	/**
	 * Return the one-way message that a listener of the worker has.
	 * @return the message, or {@code null} if there is none, or it is not known
	 */
	Peer.@Nullable StartedMessage runningMessage();

	/**
	 * Kill the worker. If its threads may show why it hangs, it prints them first.
	 */
	void kill(LossCause cause);

	/**
	 * Ask for a sign of life.
	 * @param timeout how soon the worker is asked again at the latest
	 */
	void ping(Duration timeout);

	/**
	 * Return how many bytes the worker sent in total; any byte is a sign of life.
	 */
	long bytesReceived();

	/**
	 * Return how many times the worker was asked for a sign of life and gave one.
	 */
	long answeredPings();

	/**
	 * Return how much memory the worker uses.
	 */
	Memory memory();

	/**
	 * The memory that a worker uses, in bytes; 0 if unknown. The system reports the
	 * resident part, proc(5), and the worker the heap.
	 */
	record Memory(long resident, long heapAfterCollection) {

	}

}
