package io.ipcboot.server;

/**
 * The connections that a server has open for one of its connectors.
 */
public interface ServedConnections {

	/**
	 * Return how many connections are open.
	 * @return the number of connections
	 */
	int count();

	/**
	 * Called when there will be no new connections. The open ones are still served, but
	 * clients may be told to end them.
	 */
	default void leaving() {
	}

}
