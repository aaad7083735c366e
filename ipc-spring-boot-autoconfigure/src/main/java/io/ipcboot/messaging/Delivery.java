package io.ipcboot.messaging;

import io.ipcboot.channel.PeerId;

/**
 * The delivery of an exchange to one peer.
 */
interface Delivery {

	PeerId peer();

	/**
	 * Read for a moment on the calling thread, which waits for the outcome.
	 */
	default void readOutcome() {
	}

	/**
	 * Withdraw the message, unless it was written.
	 * @return {@code true} if the peer will never see the message
	 */
	boolean withdraw();

	/**
	 * Stop waiting for the outcome, and cancel the message at the peer.
	 * @return {@code true} if the peer will never see the message
	 */
	boolean cancel();

	/**
	 * Ask for the message back, to send it to another peer, unless a listener has it.
	 */
	void recall();

}
