package io.ipcboot.channel;

import java.io.EOFException;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What happens with the frames of a channel: reports are for its own sending side, the
 * rest is for the handler. A peer that does not keep to the rules ends the channel.
 */
final class Reception implements ReadLoop.Steps {

	/**
	 * A peer that keeps to its window cannot have more on its way, whatever it counts.
	 */
	private static final long MAX_WAITING = 2L * ChannelOptions.WINDOW;

	private final AtomicLong takenBytes = new AtomicLong();

	private final AtomicLong takenHandles = new AtomicLong();

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

	/** A dispatcher has taken a message from those that wait. */
	void taken(Frame frame) {
		this.takenBytes.addAndGet(frame.weight());
		if (frame.handle() != null) {
			this.takenHandles.incrementAndGet();
		}
	}

	@Override
	public boolean read() {
		try {
			if (!this.ended && this.reader.read(this.sink)) {
				this.reports.read();
				return true;
			}
			this.channel.fail(new ChannelClosedException(this.channel.peer(), "the peer has closed the channel", null));
		}
		catch (Exception | Error ex) {
			this.channel.fail(asEnd(ex));
		}
		return false;
	}

	@Override
	public Arrival poll(long millis) {
		try {
			Arrival arrival = this.reader.poll(this.sink, millis);
			if (arrival != Arrival.NOTHING) {
				this.reports.read();
			}
			return arrival;
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
			// not the peer's fault if it was killed
			return new ChannelClosedException(peer, "the peer has gone in the middle of a frame", problem);
		}
		return new ChannelClosedException(peer, "the channel broke", problem);
	}

	private void received(Frame frame, long acknowledged) throws MalformedFrameException {
		Handle unowned = frame.handle();
		try {
			if (frame.type().isOrdered()) {
				requireRoom(frame);
			}
			if (!this.writer.acknowledged(acknowledged)) {
				throw new MalformedFrameException(
						"%,d bytes acknowledged, which were not sent".formatted(acknowledged));
			}
			dispatch(frame);
			unowned = null;
		}
		finally {
			close(unowned);
		}
	}

	private void dispatch(Frame frame) {
		switch (frame.type()) {
			case STARTED -> this.writer.started(frame.id());
			case NOT_STARTED -> handedBack(frame.id());
			case REPLY -> {
				// starts are in order, so an outcome speaks for everything before it
				this.writer.started(frame.id());
				this.handler.received(frame);
			}
			case FAILURE -> {
				this.handler.received(frame);
				this.writer.started(frame.id());
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
		long waiting = this.arrivedBytes - this.takenBytes.get() - frame.weight();
		if (waiting > MAX_WAITING || this.arrivedHandles - this.takenHandles.get() > ChannelOptions.HANDLE_WINDOW) {
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
		// what arrived before the end, and nobody was told to look at
		this.handler.work();
	}

}
