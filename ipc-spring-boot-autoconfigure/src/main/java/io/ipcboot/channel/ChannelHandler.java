package io.ipcboot.channel;

/**
 * Receives the frames that arrive on a channel.
 */
public interface ChannelHandler {

	/**
	 * Handle a frame that arrived. Called in the order of arrival by the reading thread,
	 * so the method must not block. The frame's handle belongs to the handler.
	 * @param frame the frame
	 * @throws MalformedFrameException if the frame must not come now, which ends the
	 * channel
	 */
	void received(Frame frame) throws MalformedFrameException;

	/**
	 * Return whether {@link #work()} has something to do.
	 * @return {@code true} if messages wait for a listener
	 */
	boolean hasWork();

	/**
	 * Hand waiting messages to their listeners. Called by a reading thread, and may block
	 * as long as listeners take: another thread goes on reading meanwhile. Does nothing
	 * if another thread is already doing so.
	 */
	void work();

	/**
	 * Return whether something was sent that the peer will answer.
	 * @return {@code true} if the peer owes an answer
	 */
	default boolean isExpecting() {
		return false;
	}

	/**
	 * Handle the end of the channel, after which nothing else is received. Called once,
	 * by the last reading thread. Messages without an answer are left for
	 * {@link IpcChannel#settle}.
	 * @param cause why the channel ended
	 */
	void closed(ChannelClosedException cause);

	/**
	 * Handle an error that ended a reading thread, for example because a class is gone
	 * from the disk. The channel may neither be read nor closed any more, so the process
	 * at one of its ends has to go. Must not need a class that is not loaded yet.
	 */
	default void failed() {
	}

}
