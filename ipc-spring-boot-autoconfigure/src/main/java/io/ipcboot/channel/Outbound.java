package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * A message or call on its way over one channel. The channel tells it exactly once what
 * became of it: either {@link #started} or {@link #lost}, and a started one may still be
 * told that it was lost. It is told nothing if it was withdrawn, or if its own time was
 * over before it was written: whoever set the time knows.
 */
public abstract class Outbound {

	private final Frame frame;

	private final byte[] headers;

	// the following are guarded by the lock of the FrameWriter

	private long id;

	private State state = State.NEW;

	@Nullable Outbound previous;

	@Nullable Outbound next;

	/**
	 * Create a message or call.
	 * @param frame what to send
	 * @throws IllegalArgumentException if its headers or the name of its destination are
	 * too long
	 */
	protected Outbound(Frame frame) {
		if (frame.destination().length() > ChannelOptions.MAX_DESTINATION_LENGTH) {
			throw new IllegalArgumentException("The name of a destination must not have more than %d characters: %.40s…"
				.formatted(ChannelOptions.MAX_DESTINATION_LENGTH, frame.destination()));
		}
		this.frame = frame;
		this.headers = HeaderCodec.encode(frame.headers());
	}

	final Frame frame() {
		return this.frame;
	}

	/** The headers as they travel, unless the destination has no number. */
	final byte[] headers() {
		return this.headers;
	}

	final int bodyLength() {
		return Math.addExact(this.headers.length, this.frame.payload().length);
	}

	/** What the frame counts in backlog and window. */
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
	 * Return the number under which the frame was sent.
	 * @return the id, unique for this channel and direction; 0 before it was admitted
	 */
	public final long id() {
		return this.id;
	}

	/**
	 * Called once the frame has its number, before it can be written.
	 * @param id the number
	 */
	protected void admitted(long id) {
	}

	/**
	 * Return how long the message may still take. Asked when the frame is written, so
	 * time in the queue counts.
	 * @return nanoseconds, 0 if there is no deadline, negative if it has passed
	 */
	protected long remaining() {
		return 0;
	}

	/**
	 * The peer's dispatcher has taken the message: a listener gets it, or has already got
	 * it. Called by the reading thread, so it must not block.
	 * @param more whether the same report speaks of another one, which is told next
	 */
	protected abstract void started(boolean more);

	/**
	 * The channel ended before the peer's dispatcher took the message, or nobody can say
	 * whether it did.
	 * @param mayHaveStarted {@code false} if a listener certainly never saw the message,
	 * so that it may go to another peer
	 * @param cause why the channel ended
	 */
	protected abstract void lost(boolean mayHaveStarted, IpcException cause);

	enum State {

		/** Not admitted yet. */
		NEW,

		/** Waits to be written. */
		QUEUED,

		/** The peer gets it. */
		WRITTEN,

		/** The peer never gets it. */
		WITHDRAWN

	}

}
