package io.ipcboot.channel;

import java.io.EOFException;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Distributes the frames of a channel: reports go to its own sending side, the rest goes
 * to the handler. A peer that breaks the rules ends the channel.
 */
final class Reception implements ReadLoop.Steps {

	/**
	 * The limit of waiting bytes; a peer that respects its window never exceeds it.
	 */
	private static final long MAX_WAITING = 2L * ChannelOptions.WINDOW;

	private final AtomicLong dequeuedBytes = new AtomicLong();

	private final AtomicLong dequeuedHandles = new AtomicLong();

	private final IpcChannel channel;

	private final FrameReader reader;

	private final FrameWriter writer;

	private final StartReports reports;

	private final ChannelHandler handler;

	private final FrameReader.Sink sink = this::received;

	// the following are used by the reading thread only

	private long lastId;

	private long arrivedBytes;

	private long arrivedHandles;

	private boolean ended;

	Reception(IpcChannel channel, FrameReader reader, FrameWriter writer, StartReports reports,
			ChannelHandler handler) {
		this.channel = channel;
		this.reader = reader;
		this.writer = writer;
		this.reports = reports;
		this.handler = handler;
	}

	/** Note that the dispatcher removed a message from the waiting ones. */
	void dequeued(Frame frame) {
		this.dequeuedBytes.addAndGet(frame.weight());
		if (frame.handle() != null) {
			this.dequeuedHandles.incrementAndGet();
		}
	}

	@Override
	public boolean read() {
		try {
			if (!this.ended && this.reader.read(this.sink)) {
				return true;
			}
			this.channel.fail(new ChannelClosedException(this.channel.peer(), "the peer closed the channel", null));
		}
		catch (Exception | Error ex) {
			this.channel.fail(asEnd(ex));
		}
		return false;
	}

	@Override
	public Arrival poll(long millis) {
		try {
			return this.reader.poll(this.sink, millis);
		}
		catch (Exception | Error ex) {
			this.ended = true;
			this.channel.fail(asEnd(ex));
			return Arrival.OTHER;
		}
	}

	@Override
	public boolean isQuiet() {
		return !this.reader.hasBufferedFrame() && !this.handler.isExpecting() && !this.writer.isExpecting();
	}

	private ChannelClosedException asEnd(Throwable problem) {
		PeerId peer = this.channel.peer();
		if (problem instanceof MalformedFrameException malformed) {
			return new ProtocolException(peer,
					malformed.problem() + "; the frame begins with " + this.reader.excerpt());
		}
		if (problem instanceof EOFException) {
			// not a protocol error: the peer may have been killed
			return new ChannelClosedException(peer, "the channel ended in the middle of a frame", problem);
		}
		return new ChannelClosedException(peer, "the channel broke", problem);
	}

	private void received(Frame frame, long acknowledged) throws MalformedFrameException {
		Handle unowned = frame.handle();
		try {
			if (frame.type().isOrdered()) {
				requireRoom(frame);
			}
			String contradiction = this.writer.contradiction(frame, acknowledged);
			if (contradiction != null) {
				throw new MalformedFrameException(contradiction);
			}
			dispatch(frame);
			unowned = null;
		}
		finally {
			close(unowned);
		}
	}

	private void dispatch(Frame frame) throws MalformedFrameException {
		switch (frame.type()) {
			case STARTED -> this.writer.started(frame.id());
			case NOT_STARTED -> handedBack(frame.id());
			case REPLY -> {
				// starts are in order, so an outcome implies the start of everything
				// before it
				this.writer.started(frame.id());
				this.handler.received(frame);
			}
			case FAILURE -> {
				this.handler.received(frame);
				this.writer.started(frame.id());
			}
			case DRAIN -> {
				this.writer.peerLeaves();
				this.handler.received(frame);
			}
			default -> this.handler.received(frame);
		}
	}

	private void requireRoom(Frame frame) throws MalformedFrameException {
		if (frame.id() <= this.lastId) {
			throw new MalformedFrameException("the id %d after %d".formatted(frame.id(), this.lastId));
		}
		this.lastId = frame.id();
		this.arrivedBytes += frame.weight();
		if (frame.handle() != null) {
			this.arrivedHandles++;
		}
		long waiting = this.arrivedBytes - this.dequeuedBytes.get() - frame.weight();
		if (waiting > MAX_WAITING || this.arrivedHandles - this.dequeuedHandles.get() > ChannelOptions.HANDLE_WINDOW) {
			throw new MalformedFrameException("more messages than the receiver has agreed to keep");
		}
	}

	private void handedBack(long id) {
		Outbound outbound = this.writer.handedBack(id);
		if (outbound != null) {
			outbound.lost(false, new ChannelClosedException(this.channel.peer(), "the process is leaving", null));
		}
	}

	private static void close(@Nullable Handle unowned) {
		if (unowned != null) {
			unowned.close();
		}
	}

	@Override
	public boolean hasWork() {
		return this.handler.hasWork();
	}

	@Override
	public void work() {
		this.handler.work();
	}

	@Override
	public void heldUp() {
		this.reports.flush();
	}

	@Override
	public void end() {
		this.channel.readingEnded();
		// what arrived before the end and was not dispatched yet
		this.handler.work();
	}

	@Override
	public void failed() {
		this.handler.failed();
	}

}
