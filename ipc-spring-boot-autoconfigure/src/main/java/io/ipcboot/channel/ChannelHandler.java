package io.ipcboot.channel;

/**
 * What happens with what arrives on a channel.
 */
public interface ChannelHandler {

	/**
	 * A frame has arrived. Called in the order of arrival by the reading thread, so it
	 * must not block. The frame's handle belongs to the handler.
	 * @param frame the frame
	 */
	void received(Frame frame);

	/**
	 * Whether {@link #work()} has something to do.
	 * @return {@code true} if messages wait for a listener
	 */
	boolean hasWork();

	/**
	 * Hand waiting messages to their listeners. Called by a reading thread, and may block
	 * as long as listeners take: another thread goes on reading meanwhile. Does nothing
	 * if another thread is at it already.
	 */
	void work();

	/**
	 * Whether something was sent that the peer will answer.
	 * @return {@code true} if somebody waits for what the peer sends next
	 */
	default boolean isExpecting() {
		return false;
	}

	/**
	 * The channel has ended; nothing else will be received. Called once, by the last
	 * reading thread. What was sent and not answered is left for
	 * {@link IpcChannel#settle}.
	 * @param cause why
	 */
	void closed(ChannelClosedException cause);

}
