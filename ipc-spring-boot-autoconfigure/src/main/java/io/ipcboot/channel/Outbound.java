package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * A message or call on its way over one channel. The channel calls exactly one of
 * {@link #started} and {@link #lost}, though a started message may be lost later. It
 * calls neither if the message was withdrawn, or if the message's own time was over
 * before it was written, which its sender knows.
 */
public abstract class Outbound {

	private final Frame frame;

	private final byte[] headers;

	private volatile boolean recalled;

	// the following are guarded by the lock of the FrameWriter

	private long id;

	private State state = State.NEW;

	@Nullable Outbound previous;

	@Nullable Outbound next;

	/**
	 * Create a message or call.
	 * @param frame what to send
	 * @param headers the headers of the frame as {@link Frame#encodeHeaders} returns them
	 * @throws IllegalArgumentException if the name of the destination is empty or too
	 * long
	 */
	protected Outbound(Frame frame, byte[] headers) {
		ChannelOptions.requireDestination(frame.destination());
		this.frame = frame;
		this.headers = headers;
	}

	final Frame frame() {
		return this.frame;
	}

	/** The headers as they travel, unless the destination has no number. */
	final byte[] headers() {
		return this.headers;
	}

	/** Return how much the frame counts in backlog and window, in bytes. */
	final int size() {
		return FrameHeader.SIZE + this.headers.length + HeaderCodec.OVERHEAD * this.frame.headers().size()
				+ this.frame.payload().length;
	}

	final State state() {
		return this.state;
	}

	final void enter(State newState) {
		this.state = newState;
	}

	final void number(long newId) {
		this.id = newId;
		admitted(newId);
	}

	/**
	 * Note that the peer is about to be asked to hand the message back.
	 */
	protected final void recalled() {
		this.recalled = true;
	}

	final boolean isRecalled() {
		return this.recalled;
	}

	/**
	 * Return the number under which the frame was sent.
	 * @return the id, unique for this channel and direction; 0 before it was admitted
	 */
	public final long id() {
		return this.id;
	}

	/**
	 * Called when the frame has its number, before the frame can be written.
	 * @param id the number
	 */
	protected void admitted(long id) {
	}

	/**
	 * Return how long the message may still take. Called when the frame is written, so
	 * time in the queue counts.
	 * @return nanoseconds, 0 if there is no deadline, negative if it has passed
	 */
	protected long remaining() {
		return 0;
	}

	/**
	 * Called when the peer's dispatcher started the message: a listener gets the message,
	 * or already got it. Called by the reading thread, so the method must not block.
	 * @param more whether the same report names another message, which is informed next
	 */
	protected abstract void started(boolean more);

	/**
	 * Called when the channel ended before the peer's dispatcher started the message, or
	 * it is not known whether the message was started.
	 * @param mayHaveStarted {@code false} if a listener certainly never saw the message,
	 * so that it may go to another peer
	 * @param cause why the channel ended
	 */
	protected abstract void lost(boolean mayHaveStarted, IpcException cause);

	enum State {

		/** The message was not admitted yet. */
		NEW,

		/** The message waits to be written. */
		QUEUED,

		/** The peer gets the message. */
		WRITTEN,

		/** The peer never gets the message. */
		WITHDRAWN

	}

}
