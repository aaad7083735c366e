package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * A worker as its pool sees it. Safe for use by several threads; nothing blocks but
 * {@link #transmit}.
 */
interface Member {

	/**
	 * Return who it is.
	 */
	PeerId id();

	/**
	 * Give it a slot.
	 */
	void assign(int slot);

	/**
	 * Send it a message.
	 * @throws io.ipcboot.channel.IpcException if it was not admitted
	 */
	void transmit(Exchange exchange);

	/**
	 * Send it a message, unless that would have to wait until it has read others.
	 * @return {@code false} if so
	 * @throws io.ipcboot.channel.IpcException if it was not admitted
	 */
	boolean offer(Exchange exchange);

	/**
	 * Whether {@link #transmit} would return at once.
	 */
	boolean isWritable();

	/**
	 * Whether messages can be sent, if need be after a while.
	 * @return {@code false} if it is leaving or has ended
	 */
	boolean isConnected();

	/**
	 * Return when it is worth asking again, if it is not {@link #isWritable}.
	 * @return completes when it has read enough, or will never do so
	 */
	CompletableFuture<Void> onWritable();

	/**
	 * Return how many calls a listener takes at a time that has a limit of its own.
	 * @return the limit, 0 if there is none; never changes
	 */
	int concurrencyOf(String destination);

	/**
	 * Let it finish what it has started and leave, and kill it if that takes too long.
	 */
	CompletableFuture<ProcessExit> drain(Duration grace);

	/**
	 * Kill it, after its threads were printed if that may say why it hangs.
	 */
	void kill(LossCause cause);

	/**
	 * Ask for a sign of life.
	 * @param timeout how soon it is asked again at the latest
	 */
	void ping(Duration timeout);

	/**
	 * Return how many bytes it has sent in total, which is a sign of life too.
	 */
	long bytesReceived();

	/**
	 * Return what memory it uses.
	 */
	Memory memory();

	/**
	 * What memory a worker uses, in bytes, 0 if unknown.
	 */
	record Memory(long resident, long heapAfterCollection) {

	}

	/**
	 * Starts members.
	 */
	@FunctionalInterface
	interface Fleet {

		/**
		 * Start a member, without waiting for it to be ready.
		 * @param slot its slot, -1 for a spare
		 * @param events told what happens to it, on any thread
		 * @throws WorkerStartException if the operating system refuses
		 */
		Member start(int slot, Consumer<Event> events);

	}

	/**
	 * What has happened to a member.
	 */
	sealed interface Event {

	}

	/** It takes messages. */
	record Ready(Member member) implements Event {

	}

	/** It leaves by itself. */
	record Leaving() implements Event {

	}

	/**
	 * It has ended.
	 *
	 * @param voluntary whether it has left in order, without having lost anything
	 * @param problem how it ended, in words
	 * @param startFailure why it was never ready, or {@code null} if it was
	 */
	record Exited(boolean voluntary, String problem, @Nullable WorkerStartException startFailure) implements Event {

	}

}
