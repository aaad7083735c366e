package io.ipcboot.channel;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * Accepts frames from any thread and puts them on the wire. The thread that finds the
 * socket free writes its own frame and those that were queued meanwhile; the other
 * threads only enqueue, and wait if too much is queued.
 */
final class FrameWriter {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition backlogShrunk = this.lock.newCondition();

	private final Condition controlShrunk = this.lock.newCondition();

	private final SendQueue queue;

	private final WritePump pump;

	private volatile ChannelOptions options;

	/** Completes when there is room; {@code null} while no thread has asked for it. */
	private @Nullable CompletableFuture<Void> writable;

	private volatile boolean congested;

	/** Whether the backlog has room. Read for every message, so without the lock. */
	private volatile boolean roomy = true;

	private boolean closed;

	FrameWriter(HandleSocket socket, ChannelOptions options, Executor blockingWrites, LongSupplier bytesRead,
			Consumer<IOException> broken) {
		this.options = options;
		this.queue = new SendQueue(this::signal);
		this.pump = new WritePump(this.lock, this.queue, socket, bytesRead, blockingWrites, broken);
	}

	void limit(ChannelOptions newOptions) {
		this.lock.lock();
		try {
			this.options = newOptions;
			signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Queue a message or call, and write it if no other thread is writing.
	 * @return {@code null}, or why it was not admitted
	 */
	@Nullable Refusal send(Outbound outbound) throws InterruptedException {
		this.lock.lock();
		try {
			Refusal refusal = awaitBacklog(outbound);
			if (refusal != null || !add(outbound)) {
				return refusal;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.pump.run(false);
		return null;
	}

	/**
	 * Queue a message or call if it does not have to wait, and write it if no other
	 * thread is writing.
	 * @return {@code null}, or why it was not admitted
	 */
	@Nullable Refusal offer(Outbound outbound) {
		this.lock.lock();
		try {
			Refusal refusal = refusal(outbound);
			if (refusal != null || !add(outbound)) {
				return refusal;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.pump.run(false);
		return null;
	}

	/** Return whether the caller has to write. */
	private boolean add(Outbound outbound) {
		this.queue.add(outbound);
		if (!hasRoom()) {
			this.roomy = false;
		}
		return this.pump.claim();
	}

	private @Nullable Refusal refusal(Outbound outbound) {
		if (this.closed) {
			return Refusal.CLOSED;
		}
		if (outbound.remaining() < 0 || outbound.state() == Outbound.State.WITHDRAWN) {
			return Refusal.NOT_WANTED;
		}
		return hasRoom() ? null : Refusal.BACKLOG_FULL;
	}

	private boolean hasRoom() {
		return this.queue.backlog() < this.options.backlog();
	}

	private @Nullable Refusal awaitBacklog(Outbound outbound) throws InterruptedException {
		long patience = TimeUnit.NANOSECONDS.convert(this.options.sendTimeout());
		Refusal refusal;
		while ((refusal = refusal(outbound)) == Refusal.BACKLOG_FULL && patience > 0) {
			long remaining = outbound.remaining();
			long wait = (remaining > 0) ? Math.min(patience, remaining) : patience;
			patience -= wait - this.backlogShrunk.awaitNanos(wait);
		}
		return refusal;
	}

	/**
	 * Queue a frame that is not ordered. The frame is dropped if the channel is closed.
	 */
	void sendControl(Frame frame) {
		if (addControl(frame)) {
			this.pump.run(false);
		}
	}

	/**
	 * Queue a frame that is not ordered, for a thread that must not be held up, whatever
	 * the peer reports as read.
	 */
	void sendControlElsewhere(Frame frame) {
		if (addControl(frame)) {
			this.pump.runElsewhere();
		}
	}

	/** Return whether the caller has to write. */
	private boolean addControl(Frame frame) {
		// a message has used the stack already where it was sent
		StackReserve.require();
		this.lock.lock();
		try {
			if (this.closed) {
				return false;
			}
			this.queue.addControl(frame);
			this.congested = this.queue.controlBacklog() >= this.options.backlog();
			return this.pump.claim();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait while the peer does not read the answers to its calls, so that the answers do
	 * not pile up here.
	 */
	void awaitRelief() {
		if (!this.congested) {
			return;
		}
		this.lock.lock();
		try {
			while (this.congested) {
				this.controlShrunk.awaitUninterruptibly();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Withdraw a message that was not written yet.
	 * @return {@code false} if it was written
	 */
	boolean withdraw(Outbound outbound) {
		this.lock.lock();
		try {
			boolean withdrawn = this.queue.withdraw(outbound);
			// the sender of the message may be waiting for room
			this.backlogShrunk.signalAll();
			signal();
			return withdrawn;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Compare what the peer claims with what was sent.
	 * @param frame a frame of the peer
	 * @param acknowledged how many bytes the peer has read, as it says
	 * @return what cannot be true, or {@code null}
	 */
	@Nullable String contradiction(Frame frame, long acknowledged) {
		this.lock.lock();
		try {
			if (acknowledged > this.pump.written()) {
				return "%,d bytes acknowledged that were never sent".formatted(acknowledged);
			}
			return this.queue.contradiction(frame);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Note that the peer leaves, so that it hands back what it has not started.
	 */
	void peerLeaves() {
		this.lock.lock();
		try {
			this.queue.peerLeaves();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Note that the peer's dispatcher started everything up to the given id.
	 */
	void started(long upTo) {
		List<Outbound> started;
		boolean resume;
		this.lock.lock();
		try {
			started = this.queue.started(upTo);
			resume = !started.isEmpty() && this.queue.backlog() > 0 && this.pump.claim();
		}
		finally {
			this.lock.unlock();
		}
		Outbound last = started.isEmpty() ? null : started.get(started.size() - 1);
		Recipients.tellAll(started, (outbound) -> outbound.started(outbound != last));
		if (resume) {
			this.pump.run(false);
		}
	}

	/**
	 * Handle a message that the peer did not start and hands back.
	 */
	@Nullable Outbound handedBack(long id) {
		Outbound outbound;
		boolean resume;
		this.lock.lock();
		try {
			outbound = this.queue.handedBack(id);
			resume = this.queue.backlog() > 0 && this.pump.claim();
		}
		finally {
			this.lock.unlock();
		}
		if (resume) {
			this.pump.run(false);
		}
		return outbound;
	}

	/**
	 * Return a future that completes when everything but messages and calls is on its
	 * way.
	 * @return completes when the frames that are queued now were written, or the channel
	 * has ended
	 */
	CompletableFuture<Void> flush() {
		this.lock.lock();
		try {
			return this.pump.flush();
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isWritable() {
		return this.roomy;
	}

	/**
	 * Return a future that completes when there is room, or never will be.
	 */
	CompletableFuture<Void> onWritable() {
		this.lock.lock();
		try {
			CompletableFuture<Void> result = (this.writable != null) ? this.writable : new CompletableFuture<>();
			this.writable = result;
			signal();
			return result;
		}
		finally {
			this.lock.unlock();
		}
	}

	long backlog() {
		this.lock.lock();
		try {
			return this.queue.backlog();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether the peer still has to report something.
	 */
	boolean isExpecting() {
		this.lock.lock();
		try {
			return this.queue.isExpecting();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Refuse further frames and wake up all waiting threads.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.pump.close();
			this.queue.clearControl();
			signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Close the socket as soon as no thread writes to it.
	 */
	void closeSocketWhenQuiet() {
		this.lock.lock();
		try {
			this.pump.closeSocketWhenQuiet();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Remove and return the messages that were admitted and not reported as started, in
	 * order.
	 */
	List<Outbound> unresolved() {
		this.lock.lock();
		try {
			return this.queue.unresolved();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void signal() {
		boolean room = hasRoom();
		if (this.roomy != (room && !this.closed)) {
			this.roomy = room && !this.closed;
		}
		if (this.closed || room) {
			this.backlogShrunk.signalAll();
			announceWritable();
		}
		this.congested = !this.closed && this.queue.controlBacklog() >= this.options.backlog();
		if (!this.congested) {
			this.controlShrunk.signalAll();
		}
	}

	private void announceWritable() {
		CompletableFuture<Void> announced = this.writable;
		if (announced != null) {
			this.writable = null;
			Background.EXECUTOR.execute(() -> announced.complete(null));
		}
	}

	enum Refusal {

		CLOSED, BACKLOG_FULL,

		/** The message was withdrawn, or timed out, while it waited. */
		NOT_WANTED

	}

}
