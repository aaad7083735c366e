package io.ipcboot.channel;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * The private, ordered, two-way connection between a parent and one worker. Any thread
 * may send; frames are received by one reading thread at a time. Messages and calls are
 * ordered and numbered; the peer's dispatcher reports how far it started them.
 */
public final class IpcChannel implements Closeable {

	private final HandleSocket socket;

	private volatile ChannelOptions options;

	private final ChannelHandler handler;

	private final FrameReader reader;

	private final FrameWriter writer;

	private final StartReports reports;

	private final Reception reception;

	private final ReadLoop loop;

	private final AtomicReference<@Nullable ChannelClosedException> closed = new AtomicReference<>();

	/**
	 * The users of the descriptor: the reading side and {@link #fail}; the last one
	 * closes it.
	 */
	private final AtomicInteger users = new AtomicInteger(1);

	private volatile PeerId peer;

	/**
	 * Create a channel. Nothing is read before {@link #start()}.
	 * @param peer the identity of the other end
	 * @param socket the connection; owned by the channel from now on
	 * @param options limits
	 * @param handler handles received frames
	 * @throws IOException if the socket is closed
	 */
	public IpcChannel(PeerId peer, HandleSocket socket, ChannelOptions options, ChannelHandler handler)
			throws IOException {
		this.peer = peer;
		this.socket = socket;
		this.options = options;
		this.handler = handler;
		socket.allowPolling();
		this.reader = new FrameReader(socket, options.maxFrameSize());
		this.writer = new FrameWriter(socket, options, Background.EXECUTOR, this.reader::bytesRead,
				(ex) -> fail(new ChannelClosedException(peer(), "the channel broke while sending", ex)));
		this.reports = new StartReports(
				(id) -> this.writer.sendControl(Frame.control(FrameType.STARTED, id, Map.of())));
		this.reception = new Reception(this, this.reader, this.writer, this.reports, handler);
		this.loop = new ReadLoop((peer.pool() != null) ? peer.pool() + "-" + peer.slot() : "channel", this.reception);
	}

	/**
	 * Set the limits that the peers have agreed on.
	 * @param limits the limits
	 */
	public void limit(ChannelOptions limits) {
		this.options = limits;
		this.reader.limit(limits.maxFrameSize());
		this.writer.limit(limits);
	}

	/**
	 * Start to receive.
	 */
	public void start() {
		this.users.incrementAndGet();
		this.loop.start();
	}

	/**
	 * Return the identity of the other end.
	 * @return the peer
	 */
	public PeerId peer() {
		return this.peer;
	}

	/**
	 * Set the identity of the other end, once more is known about it.
	 * @param peer the peer
	 */
	public void identify(PeerId peer) {
		this.peer = peer;
	}

	/**
	 * Let the peer send handles. By default handles are not received.
	 */
	public void acceptHandles() {
		this.reader.acceptHandles();
	}

	/**
	 * Send a message or call. Returns when the message is queued, which may take as long
	 * as {@link ChannelOptions#sendTimeout()} if the backlog is full; or when the message
	 * was withdrawn, or its own time was over, before that.
	 * @param outbound the message; informed of what becomes of it unless an exception is
	 * thrown
	 * @throws MessageTooLargeException if the message does not fit into a frame
	 * @throws BacklogFullException if the peer does not keep up
	 * @throws ChannelClosedException if the channel has ended
	 * @throws InterruptedException if the thread was interrupted while it waited
	 */
	public void send(Outbound outbound) throws InterruptedException {
		requireSize(outbound.frame(), outbound.headers());
		if (!isAdmitted(this.writer.send(outbound))) {
			throw new BacklogFullException(peer(), this.writer.backlog());
		}
	}

	/**
	 * Send a message or call if it does not have to wait.
	 * @param outbound the message; informed of what becomes of it if it was sent
	 * @return {@code false} if the backlog is full
	 * @throws MessageTooLargeException if the message does not fit into a frame
	 * @throws ChannelClosedException if the channel has ended
	 */
	public boolean offer(Outbound outbound) {
		requireSize(outbound.frame(), outbound.headers());
		return isAdmitted(this.writer.offer(outbound));
	}

	private boolean isAdmitted(FrameWriter.@Nullable Refusal refusal) {
		if (refusal == FrameWriter.Refusal.CLOSED) {
			throw closedException();
		}
		return refusal != FrameWriter.Refusal.BACKLOG_FULL;
	}

	/**
	 * Send a frame that is not ordered: it overtakes messages that have to wait. The
	 * frame is dropped if the channel has ended.
	 * @param frame the frame
	 * @throws MessageTooLargeException if the frame is too large
	 */
	public void sendControl(Frame frame) {
		requireSize(frame, HeaderCodec.encode(frame.headers()));
		if (frame.type() == FrameType.REPLY || frame.type() == FrameType.FAILURE) {
			this.reports.answered(frame.id());
		}
		this.writer.sendControl(frame);
	}

	/**
	 * Send a frame like {@link #sendControl}, from a thread that watches over the peer
	 * and must not be held up, even by a peer that reads nothing and claims to read.
	 * @param frame the frame
	 */
	public void sendControlElsewhere(Frame frame) {
		requireSize(frame, HeaderCodec.encode(frame.headers()));
		this.writer.sendControlElsewhere(frame);
	}

	/**
	 * Refuse what {@link #send} would refuse at once.
	 * @throws BacklogFullException if the backlog is full and senders do not wait
	 * @throws ChannelClosedException if the channel has ended
	 */
	public void requireOpen() {
		if (!isOpen()) {
			throw closedException();
		}
		if (this.options.sendTimeout().isZero() && !isWritable()) {
			throw new BacklogFullException(peer(), this.writer.backlog());
		}
	}

	private void requireSize(Frame frame, byte[] headers) {
		frame.requireSize(headers, peer(), this.options.maxFrameSize());
	}

	/**
	 * Withdraw a message or call that was not written yet.
	 * @param outbound the message
	 * @return {@code true} if the peer will never see the message, which this channel has
	 * then forgotten
	 */
	public boolean withdraw(Outbound outbound) {
		return this.writer.withdraw(outbound);
	}

	/**
	 * Return whether the backlog has room, so that {@link #send} would not wait.
	 * @return {@code false} if the channel is closed or the backlog is full
	 */
	public boolean isWritable() {
		return this.writer.isWritable();
	}

	/**
	 * Return a future for the moment when the channel may be {@linkplain #isWritable
	 * writable} again.
	 * @return completes when the backlog has room, or the channel is closed
	 */
	public CompletableFuture<Void> onWritable() {
		return this.writer.onWritable();
	}

	/**
	 * Return how many bytes wait to be written.
	 * @return bytes of messages and calls
	 */
	public long backlog() {
		return this.writer.backlog();
	}

	/**
	 * Return how many bytes the peer sent.
	 * @return bytes since the beginning
	 */
	public long bytesRead() {
		return this.reader.bytesRead();
	}

	/**
	 * Return whether the channel is open in both directions.
	 * @return {@code false} once either side has ended it
	 */
	public boolean isOpen() {
		return this.closed.get() == null;
	}

	/**
	 * Return a future that completes when all answers given so far are on their way.
	 * @return completes when the answers were written to the socket, or the channel has
	 * ended
	 */
	public CompletableFuture<Void> flush() {
		return this.writer.flush();
	}

	/**
	 * Wait while the peer does not read the answers to its calls.
	 */
	public void awaitRelief() {
		this.writer.awaitRelief();
	}

	/**
	 * Also note every started message in a ledger.
	 * @param ledger takes the ids
	 */
	public void noteIn(StartLedger.Notes ledger) {
		this.reports.noteIn(ledger);
	}

	/**
	 * Note that the dispatcher of this side removed a message from the waiting ones, to
	 * start it or to hand it back.
	 * @param frame the message or call
	 */
	public void dequeued(Frame frame) {
		this.reception.dequeued(frame);
	}

	/**
	 * Report that the dispatcher of this side starts a message: the message goes to a
	 * listener now. Starts are in order, so the report covers all earlier messages too.
	 * @param frame the message or call
	 */
	public void started(Frame frame) {
		this.reports.started(frame);
	}

	/**
	 * Note that the listener of a one-way message has finished.
	 * @param frame the message
	 */
	public void finished(Frame frame) {
		this.reports.finished(frame);
	}

	/**
	 * Report what the dispatcher of this side started, since it has nothing more to start
	 * for now.
	 */
	public void idle() {
		this.reports.flush();
	}

	/**
	 * Read for a moment on the calling thread, which waits for the outcome of something
	 * that it sent: no other thread has to be woken up to read the outcome. Whether or
	 * not there is an outcome when this method returns, reading goes on.
	 * @param done whether the thread has what it waits for
	 * @param limit how long to wait at most, in nanoseconds; 0 if it does not matter
	 */
	public void readUntil(BooleanSupplier done, long limit) {
		this.loop.callers().read(done, limit);
	}

	/**
	 * Make sure that a thread of the channel reads, because no other thread waits for the
	 * outcome of what was sent.
	 */
	public void resumeReading() {
		this.loop.callers().resume();
	}

	/**
	 * Note that the current thread is about to wait for something that must be received.
	 * If the current thread belongs to a channel, another one goes on reading at once.
	 */
	public static void aboutToBlock() {
		ReadLoop.aboutToBlock();
	}

	/**
	 * End the channel in both directions. Frames that were not written are not sent.
	 */
	@Override
	public void close() {
		fail(new ChannelClosedException(peer(), "the channel was closed by this side", null));
	}

	/**
	 * Inform every message that was sent and not reported as started of what became of
	 * it. To be called once, after {@link ChannelHandler#closed}, when the peer cannot
	 * start anything any more. Messages that may have been started come first. What one
	 * of them throws keeps no other from being informed.
	 * @param lastStarted the last id the peer's dispatcher has started, if known
	 * otherwise than by its reports; 0 for nothing more; {@link StartLedger#UNKNOWN}
	 * @param cause creates the failure that a sender gets, given whether a listener may
	 * have seen the message
	 */
	public void settle(long lastStarted, Function<Boolean, IpcException> cause) {
		Recipients.tellAll(this.writer.unresolved(), (outbound) -> {
			boolean mayHaveStarted = outbound.state() == Outbound.State.WRITTEN && outbound.id() <= lastStarted;
			try {
				if (mayHaveStarted && lastStarted != StartLedger.UNKNOWN) {
					outbound.started(false);
				}
			}
			finally {
				outbound.lost(mayHaveStarted, cause.apply(mayHaveStarted));
			}
		});
	}

	private ChannelClosedException closedException() {
		ChannelClosedException cause = this.closed.get();
		return new ChannelClosedException(peer(), "the channel is closed", cause);
	}

	/** End the channel, unless it has ended. */
	void fail(ChannelClosedException cause) {
		if (this.closed.compareAndSet(null, cause)) {
			this.writer.close();
			this.socket.shutdown();
			releaseSocket();
		}
	}

	/** Called by the last reading thread. */
	void readingEnded() {
		releaseSocket();
		ChannelClosedException cause = this.closed.get();
		if (cause != null) {
			this.handler.closed(cause);
		}
	}

	private void releaseSocket() {
		if (this.users.decrementAndGet() == 0) {
			this.writer.closeSocketWhenQuiet();
		}
	}

}
