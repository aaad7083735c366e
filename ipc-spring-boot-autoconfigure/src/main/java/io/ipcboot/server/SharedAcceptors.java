package io.ipcboot.server;

import java.net.InetSocketAddress;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Creates the acceptors of a web server's connectors. A connector is identified by its
 * place in the order in which connectors are created, which is the same in all processes.
 */
public interface SharedAcceptors {

	/**
	 * Create the acceptor of the next connector. No socket is bound before
	 * {@link SharedAcceptor#open()}.
	 * @param address the configured address of the connector
	 * @param backlog how many connections may wait to be accepted
	 * @return the acceptor
	 */
	SharedAcceptor create(Supplier<InetSocketAddress> address, IntSupplier backlog);

}
