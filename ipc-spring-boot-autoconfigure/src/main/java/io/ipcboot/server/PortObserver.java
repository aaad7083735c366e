package io.ipcboot.server;

import java.net.InetSocketAddress;

import io.ipcboot.pool.Worker;

/**
 * Observes which workers accept connections on the ports of the application. Must not
 * block.
 */
public interface PortObserver {

	/**
	 * Called when a worker has begun to accept connections at an address.
	 * @param worker the worker
	 * @param address the address, with the real port
	 */
	void joined(Worker worker, InetSocketAddress address);

	/**
	 * Called when a worker that had joined leaves or has ended.
	 * @param worker the worker
	 * @param address the address, with the real port
	 */
	void left(Worker worker, InetSocketAddress address);

}
