package io.ipcboot.server;

import java.net.BindException;
import java.net.InetSocketAddress;

/**
 * A server socket cannot be bound because another process uses its port.
 */
public final class AddressInUseException extends BindException {

	private static final long serialVersionUID = 1L;

	private final int port;

	AddressInUseException(InetSocketAddress address, BindException cause) {
		super(cause.getMessage() + ": " + address);
		initCause(cause);
		this.port = address.getPort();
	}

	/**
	 * Return the port that is in use.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

}
