package io.ipcboot;

import java.net.InetSocketAddress;

/**
 * Published when a worker that had joined a port begins to leave, or has ended. A worker
 * that leaves accepts no more connections, and still serves those that it has.
 */
public final class PortLeftEvent extends PortEvent {

	PortLeftEvent(ChildProcess process, InetSocketAddress address) {
		super(process, address);
	}

	@Override
	public String toString() {
		return getWorker() + " accepts no more connections at " + getAddress();
	}

}
