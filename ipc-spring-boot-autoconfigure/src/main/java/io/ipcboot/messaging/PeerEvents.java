package io.ipcboot.messaging;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.MalformedFrameException;

/**
 * Informs the owner of a peer of what happens on the channel. The reading thread calls
 * the methods, so they must not block.
 */
public interface PeerEvents {

	/**
	 * Called when a frame arrives that is neither a message nor an answer, such as HELLO,
	 * READY, DRAIN or BYE.
	 * @param frame the frame
	 * @throws MalformedFrameException if the frame must not come now, which ends the
	 * channel
	 */
	void received(Frame frame) throws MalformedFrameException;

	/**
	 * Called when the channel has ended. The owner calls {@link Peer#settle} once the
	 * other process cannot start anything any more.
	 * @param cause why the channel ended
	 */
	void closed(ChannelClosedException cause);

	/**
	 * Called when an error ended a reading thread, so that {@link #closed} may never be
	 * called. Must not need a class that is not loaded yet.
	 */
	default void failed() {
	}

}
