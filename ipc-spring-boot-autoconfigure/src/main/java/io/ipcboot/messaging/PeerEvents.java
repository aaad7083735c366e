package io.ipcboot.messaging;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.Frame;

/**
 * What the owner of a peer wants to know. Called by the reading thread, so it must not
 * block.
 */
public interface PeerEvents {

	/**
	 * A frame that is no message and no answer has arrived: HELLO, READY, DRAIN or BYE.
	 * @param frame the frame
	 */
	void received(Frame frame);

	/**
	 * The channel has ended. The owner calls {@link Peer#settle} once the other process
	 * cannot start anything any more.
	 * @param cause why
	 */
	void closed(ChannelClosedException cause);

}
