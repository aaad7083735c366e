package io.ipcboot.channel;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames on the wire. The thread that finds the socket free writes its own frame and
 * what was queued meanwhile; the others only enqueue. A caller's thread writes only what
 * the kernel certainly takes without blocking; the rest goes to a thread that may block.
 * <p>
 * There are two lanes. Messages and calls go in order, each only when the peer's
 * dispatcher has room for it. Everything else (replies, reports, cancellations) overtakes
 * them when they have to wait, or both sides could wait for each other.
 */
final class FrameWriter {

	private static final int CALLER_BATCHES = 2;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition backlogShrunk = this.lock.newCondition();

	private final Deque<Frame> control = new ArrayDeque<>();

	private final Deque<Outbound> ordered = new ArrayDeque<>();

	private final DestinationNames names = new DestinationNames();

	private final SendWindow window = new SendWindow();

	private final WriteBatch batch = new WriteBatch();

	private final KernelBuffer kernel;

	private final HandleSocket socket;

	private volatile ChannelOptions options;

	private final Executor blockingWrites;

	private final LongSupplier bytesRead;

	private final Consumer<IOException> broken;

	private boolean writing;

	private boolean closed;

	private boolean socketUnused;

	private long lastId;

	private long backlog;

	FrameWriter(HandleSocket socket, ChannelOptions options, Executor blockingWrites, LongSupplier bytesRead,
			Consumer<IOException> broken) throws IOException {
		this.socket = socket;
		this.options = options;
		this.kernel = new KernelBuffer(socket.sendBufferSize());
		this.blockingWrites = blockingWrites;
		this.bytesRead = bytesRead;
		this.broken = broken;
	}

	void limit(ChannelOptions newOptions) {
		this.options = newOptions;
	}

	/**
	 * Queue a message or call, and write it if nobody else is writing.
	 * @return {@code null}, or why it was not admitted
	 */
	@Nullable Refusal send(Outbound outbound) throws InterruptedException {
		this.lock.lock();
		try {
			Refusal refusal = awaitBacklog(outbound);
			if (refusal != null) {
				return refusal;
			}
			outbound.id = ++this.lastId;
			outbound.admitted(outbound.id);
			this.backlog += outbound.size();
			this.ordered.add(outbound);
			if (!claim()) {
				return null;
			}
		}
		finally {
			this.lock.unlock();
		}
		pump(true);
		return null;
	}

	private @Nullable Refusal awaitBacklog(Outbound outbound) throws InterruptedException {
		long nanos = this.options.sendTimeout().toNanos();
		while (!this.closed && this.backlog >= this.options.backlog()) {
			long remaining = outbound.remaining();
			if (remaining < 0) {
				return Refusal.NOT_WANTED;
			}
			if (nanos <= 0) {
				return Refusal.BACKLOG_FULL;
			}
			long wait = (remaining > 0) ? Math.min(nanos, remaining) : nanos;
			nanos -= wait - this.backlogShrunk.awaitNanos(wait);
		}
		return this.closed ? Refusal.CLOSED : null;
	}

	/**
	 * Queue a frame that is not ordered. Dropped if the channel is closed.
	 */
	void sendControl(Frame frame) {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			this.control.add(frame);
			if (!claim()) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		pump(true);
	}

	/**
	 * Take back a message that was not written yet.
	 * @return {@code false} if it was written
	 */
	boolean withdraw(Outbound outbound) {
		this.lock.lock();
		try {
			outbound.withdrawn = true;
			return !outbound.written;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The peer has read this many bytes in total.
	 */
	void acknowledged(long total) {
		this.lock.lock();
		try {
			this.kernel.readByPeer(total);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The peer's dispatcher has started everything up to the given id.
	 */
	void started(long upTo) {
		List<Outbound> started;
		boolean resume;
		this.lock.lock();
		try {
			started = this.window.started(Math.min(upTo, this.lastId));
			resume = !started.isEmpty() && !this.ordered.isEmpty() && claim();
		}
		finally {
			this.lock.unlock();
		}
		for (Outbound outbound : started) {
			outbound.started();
		}
		if (resume) {
			pump(true);
		}
	}

	/**
	 * The peer gives a message back that it has not started.
	 */
	@Nullable Outbound handedBack(long id) {
		this.lock.lock();
		try {
			return this.window.remove(id);
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isWritable() {
		this.lock.lock();
		try {
			return !this.closed && this.backlog < this.options.backlog();
		}
		finally {
			this.lock.unlock();
		}
	}

	long backlog() {
		this.lock.lock();
		try {
			return this.backlog;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Refuse further frames and wake up whoever waits.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.control.clear();
			this.backlogShrunk.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Give the socket's descriptor back as soon as nobody writes to it.
	 */
	void closeSocketWhenQuiet() {
		this.lock.lock();
		try {
			this.socketUnused = true;
			if (!this.writing) {
				closeSocket();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void closeSocket() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// close(2) has released the number whatever it reports
		}
	}

	/**
	 * Remove and return what was admitted and not reported as started, in order.
	 */
	List<Outbound> unresolved() {
		this.lock.lock();
		try {
			List<Outbound> unresolved = new ArrayList<>(this.window.started(Long.MAX_VALUE));
			this.ordered.stream().filter((outbound) -> !outbound.withdrawn).forEach(unresolved::add);
			this.ordered.clear();
			this.backlog = 0;
			return unresolved;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean claim() {
		if (this.writing || this.closed) {
			return false;
		}
		this.writing = true;
		return true;
	}

	private void pump(boolean caller) {
		for (int batches = 0;; batches++) {
			this.lock.lock();
			try {
				if (this.batch.isEmpty()) {
					fill();
				}
				if (this.batch.isEmpty() || this.closed) {
					this.writing = false;
					if (this.socketUnused) {
						closeSocket();
					}
					return;
				}
				if (caller && (batches == CALLER_BATCHES || !this.kernel.hasRoomFor(this.batch.size()))) {
					this.blockingWrites.execute(() -> pump(false));
					return;
				}
				this.kernel.written(this.batch.size());
			}
			finally {
				this.lock.unlock();
			}
			write();
		}
	}

	private void write() {
		try {
			this.batch.writeTo(this.socket);
		}
		catch (IOException ex) {
			this.broken.accept(ex);
		}
		this.batch.clear();
	}

	private void fill() {
		long read = this.bytesRead.getAsLong();
		Frame next;
		while ((next = this.control.peek()) != null) {
			if (!this.batch.add(next, next.id(), 0, 0, read)) {
				return;
			}
			this.control.remove();
		}
		Outbound outbound;
		while ((outbound = this.ordered.peek()) != null) {
			if (!outbound.withdrawn && outbound.remaining() >= 0
					&& !(this.window.permits(outbound) && add(outbound, read))) {
				return;
			}
			this.ordered.remove();
			this.backlog -= outbound.size();
			if (this.backlog < this.options.backlog()) {
				this.backlogShrunk.signalAll();
			}
		}
	}

	private boolean add(Outbound outbound, long read) {
		Frame frame = outbound.frame();
		int number = this.names.numberOf(frame.destination());
		if (number == 0 && !this.names.hasRoom()) {
			frame = DestinationNames.withName(frame);
		}
		else if (number == 0) {
			number = this.names.nextNumber();
			if (!this.batch.add(this.names.define(frame.destination()), 0, number, 0, read)) {
				return false;
			}
			this.names.defined(frame.destination());
		}
		if (!this.batch.add(frame, outbound.id, number, outbound.remaining(), read)) {
			return false;
		}
		outbound.written = true;
		this.window.add(outbound);
		return true;
	}

	enum Refusal {

		CLOSED, BACKLOG_FULL, NOT_WANTED

	}

}
