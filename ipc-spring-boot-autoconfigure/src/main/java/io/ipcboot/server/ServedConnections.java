package io.ipcboot.server;

/**
 * The connections that a server has open for one of its listeners.
 */
public interface ServedConnections {

	/**
	 * Return how many connections are open.
	 * @return the number of connections
	 */
	int count();

	/**
	 * There will be no new connections. The open ones are served on, but may be told to
	 * end.
	 */
	default void leaving() {
	}

}
