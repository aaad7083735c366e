package io.ipcboot.server;

import java.net.InetSocketAddress;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Gives the connectors of a web server what they accept on. A connector is known by its
 * place in the order in which they are created, which is the same in all processes.
 */
public interface ServerListeners {

	/**
	 * Create the listener of the next connector. Nothing is bound before
	 * {@link ServerListener#open()}.
	 * @param address the address that the connector is configured with
	 * @param backlog how many connections may wait to be accepted
	 * @return the listener
	 */
	ServerListener create(Supplier<InetSocketAddress> address, IntSupplier backlog);

}
