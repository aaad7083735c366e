package io.ipcboot.channel;

/**
 * A message or call on its way over one channel. The channel tells it exactly once what
 * became of it: either {@link #started()} or {@link #lost}, and a started one may still
 * be told that it was lost.
 */
public abstract class Outbound {

	private final Frame frame;

	private final int size;

	// guarded by the lock of the FrameWriter
	long id;

	boolean withdrawn;

	boolean written;

	protected Outbound(Frame frame) {
		this.frame = frame;
		this.size = FrameHeader.SIZE + frame.payload().length;
	}

	final Frame frame() {
		return this.frame;
	}

	final int size() {
		return this.size;
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
	 */
	protected abstract void started();

	/**
	 * The channel ended before the peer's dispatcher took the message, or nobody can say
	 * whether it did.
	 * @param mayHaveStarted {@code false} if a listener certainly never saw the message,
	 * so that it may go to another peer
	 * @param cause why the channel ended
	 */
	protected abstract void lost(boolean mayHaveStarted, IpcException cause);

}
