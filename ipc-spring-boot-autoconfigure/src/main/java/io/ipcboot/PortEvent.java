package io.ipcboot;

import java.net.InetSocketAddress;

import io.ipcboot.channel.PeerId;
import org.springframework.context.ApplicationEvent;

/**
 * Base class of the events that a worker begins or ends to accept connections on the
 * application's own port. Published like a {@link WorkerEvent}.
 */
public abstract sealed class PortEvent extends ApplicationEvent permits PortJoinedEvent, PortLeftEvent {

	private final transient ChildProcess process;

	private final InetSocketAddress address;

	PortEvent(ChildProcess process, InetSocketAddress address) {
		super(process);
		this.process = process;
		this.address = address;
	}

	/**
	 * Return the worker.
	 * @return the process
	 */
	public ChildProcess getProcess() {
		return this.process;
	}

	/**
	 * Return the identity of the worker.
	 * @return pool, slot and process id
	 */
	public PeerId getWorker() {
		return this.process.id();
	}

	/**
	 * Return the address that clients connect to.
	 * @return the address, with the port that the kernel chose if the configured one is 0
	 */
	public InetSocketAddress getAddress() {
		return this.address;
	}

}
