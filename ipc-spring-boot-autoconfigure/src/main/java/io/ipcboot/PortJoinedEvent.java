package io.ipcboot;

import java.net.InetSocketAddress;

/**
 * Published when a worker has begun to accept connections at an address, or to take those
 * that the parent accepts there.
 */
public final class PortJoinedEvent extends PortEvent {

	PortJoinedEvent(ChildProcess process, InetSocketAddress address) {
		super(process, address);
	}

	@Override
	public String toString() {
		return getWorker() + " accepts connections at " + getAddress();
	}

}
