package io.ipcboot.channel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.ipcboot.handle.Descriptors;
import io.ipcboot.handle.HandleSocket;

/**
 * Moves batches from a queue to a socket. One thread at a time has the claim to the
 * socket. A caller's thread writes only what the kernel certainly takes without blocking,
 * whatever the peer does, and not for long; the rest goes to a thread that may block.
 */
final class WritePump {

	private static final int CALLER_BATCHES = 2;

	private final List<CompletableFuture<Void>> flushes = new ArrayList<>();

	private final WriteBatch batch = new WriteBatch();

	private final ReentrantLock lock;

	private final SendQueue queue;

	private final HandleSocket socket;

	private final LongSupplier bytesRead;

	private final Executor blockingWrites;

	private final Consumer<IOException> broken;

	private boolean claimed;

	private long written;

	private boolean closed;

	private boolean socketUnused;

	/**
	 * @param lock guards the queue and this object
	 */
	WritePump(ReentrantLock lock, SendQueue queue, HandleSocket socket, LongSupplier bytesRead, Executor blockingWrites,
			Consumer<IOException> broken) {
		this.lock = lock;
		this.queue = queue;
		this.socket = socket;
		this.bytesRead = bytesRead;
		this.blockingWrites = blockingWrites;
		this.broken = broken;
	}

	/**
	 * Claim the socket; to be called with the lock. A thread that gets the claim calls
	 * {@link #run}.
	 */
	boolean claim() {
		if (this.claimed || this.closed) {
			return false;
		}
		this.claimed = true;
		return true;
	}

	/**
	 * Write until nothing is left; to be called without the lock.
	 * @param mayBlock whether the current thread may be held up
	 */
	void run(boolean mayBlock) {
		try {
			for (int batches = 0; prepare(mayBlock || batches < CALLER_BATCHES, mayBlock); batches++) {
				this.batch.writeTo(this.socket);
				this.batch.clear();
			}
		}
		catch (IOException ex) {
			fail(ex);
		}
		catch (RuntimeException | Error ex) {
			// it is not known how much of a frame the peer received
			fail(new IOException("writing failed unexpectedly", ex));
		}
	}

	/** Write until nothing is left, on a thread that may block. */
	void runElsewhere() {
		this.blockingWrites.execute(() -> run(true));
	}

	/**
	 * Prepare the next batch.
	 * @return {@code false} if there is none, or another thread writes it
	 */
	private boolean prepare(boolean patient, boolean mayBlock) {
		this.lock.lock();
		try {
			if (this.batch.isEmpty()) {
				this.queue.fill(this.batch, this.bytesRead.getAsLong());
			}
			if (this.batch.isEmpty() || this.closed) {
				giveUpClaim();
				return false;
			}
			if (!patient || (!mayBlock && couldBlock())) {
				runElsewhere();
				return false;
			}
			this.written += this.batch.size();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean couldBlock() {
		// junixsocket makes the socket non-blocking while a virtual thread uses it
		return (this.batch.hasHandle() && VirtualThreads.isCurrent()) || !this.socket.hasRoomFor(this.batch.size());
	}

	private void giveUpClaim() {
		this.claimed = false;
		for (CompletableFuture<Void> flush : this.flushes) {
			Background.EXECUTOR.execute(() -> flush.complete(null));
		}
		this.flushes.clear();
		if (this.socketUnused) {
			Descriptors.closeQuietly(this.socket);
		}
	}

	private void fail(IOException cause) {
		this.broken.accept(cause);
		this.lock.lock();
		try {
			giveUpClaim();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Return how many bytes were written; to be called with the lock. */
	long written() {
		return this.written;
	}

	/**
	 * Return a future that completes when there is nothing to write; to be called with
	 * the lock.
	 * @return completes when everything that can be written was written, or the channel
	 * has ended
	 */
	CompletableFuture<Void> flush() {
		CompletableFuture<Void> flush = new CompletableFuture<>();
		if (this.claimed) {
			this.flushes.add(flush);
		}
		else {
			flush.complete(null);
		}
		return flush;
	}

	/** Start no further write; to be called with the lock. */
	void close() {
		this.closed = true;
	}

	/**
	 * Close the socket as soon as no thread writes to it; to be called with the lock.
	 */
	void closeSocketWhenQuiet() {
		this.socketUnused = true;
		if (!this.claimed) {
			Descriptors.closeQuietly(this.socket);
		}
	}

}
