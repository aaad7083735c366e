package io.ipcboot.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.apache.coyote.http11.Http11NioProtocol;

/**
 * Tomcat's HTTP connector for a listener that belongs to several processes. Without
 * {@link #shareWith listeners} it is Tomcat's own.
 */
public class SharedHttp11Protocol extends Http11NioProtocol {

	/**
	 * Create the protocol, as the name of its class in the constructor of a connector
	 * does.
	 */
	public SharedHttp11Protocol() {
		super(new SharedNioEndpoint());
	}

	/**
	 * Accept on a listener that is shared with other processes.
	 * @param listeners where to get the listener
	 */
	public void shareWith(ServerListeners listeners) {
		SharedNioEndpoint endpoint = (SharedNioEndpoint) getEndpoint();
		endpoint.share(listeners.create(this::configuredAddress, endpoint::getAcceptCount));
	}

	private InetSocketAddress configuredAddress() {
		InetAddress host = getAddress();
		return new InetSocketAddress(host, getPortWithOffset());
	}

}
