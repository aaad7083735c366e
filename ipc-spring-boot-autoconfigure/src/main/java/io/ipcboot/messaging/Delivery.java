package io.ipcboot.messaging;

import io.ipcboot.channel.PeerId;

/**
 * The way that an exchange takes to one peer.
 */
interface Delivery {

	PeerId peer();

	/**
	 * Read for a moment on the calling thread, which waits for the outcome.
	 */
	default void readOutcome() {
	}

	/**
	 * Take the message back unless it was written.
	 * @return {@code true} if the peer will never see the message
	 */
	boolean withdraw();

	/**
	 * Give up waiting, and tell the peer.
	 * @return {@code true} if the peer will never see the message
	 */
	boolean cancel();

	/**
	 * Have the message back, to send it to another peer, unless a listener has it.
	 */
	void recall();

}
