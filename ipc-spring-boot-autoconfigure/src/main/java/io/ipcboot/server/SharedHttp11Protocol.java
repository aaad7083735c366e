package io.ipcboot.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's HTTP protocol for a port that several processes serve. Behaves as Tomcat's own
 * until {@link #shareWith} is called.
 */
public class SharedHttp11Protocol extends Http11NioProtocol {

	/**
	 * Create the protocol. Tomcat calls this constructor, given the name of the class.
	 */
	public SharedHttp11Protocol() {
		super(new SharedNioEndpoint());
	}

	/**
	 * Share the port with other processes.
	 * @param acceptors creates the acceptor
	 */
	public void shareWith(SharedAcceptors acceptors) {
		SharedNioEndpoint endpoint = (SharedNioEndpoint) getEndpoint();
		endpoint.share(acceptors.create(this::configuredAddress, endpoint::getAcceptCount));
	}

	private InetSocketAddress configuredAddress() {
		InetAddress host = getAddress();
		return new InetSocketAddress(host, getPortWithOffset());
	}

}
