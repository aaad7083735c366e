package io.ipcboot.server;

/**
 * Decides which process gets a new connection.
 */
public enum Scheduling {

	/** All processes accept on one listening socket; the kernel decides. */
	SHARED,

	/** The parent accepts, and hands each connection to the least loaded worker. */
	HANDOFF,

	/**
	 * The parent accepts, and hands all connections of one client address to the same
	 * worker, as long as that worker lives.
	 */
	STICKY

}
