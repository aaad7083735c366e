package io.ipcboot.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;

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
		SharedNioEndpoint endpoint = endpoint();
		endpoint.share(acceptors.create(this::configuredAddress, endpoint::getAcceptCount));
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * On a shared port, nothing is sent by sendfile: Tomcat's poller then sends the
	 * response after its request has ended, so that neither Tomcat nor its graceful
	 * shutdown knows of it, and a process that leaves would cut the response.
	 */
	@Override
	public void init() throws Exception {
		if (endpoint().isShared()) {
			setUseSendfile(false);
			for (UpgradeProtocol upgrade : findUpgradeProtocols()) {
				if (upgrade instanceof Http2Protocol http2) {
					http2.setUseSendfile(false);
				}
			}
		}
		super.init();
	}

	private SharedNioEndpoint endpoint() {
		return (SharedNioEndpoint) getEndpoint();
	}

	private InetSocketAddress configuredAddress() {
		InetAddress host = getAddress();
		return new InetSocketAddress(host, getPortWithOffset());
	}

}
