package io.ipcboot.server;

import java.io.IOException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;

import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's endpoint with a {@link SharedAcceptor} in place of its own server socket.
 */
class SharedNioEndpoint extends NioEndpoint implements ServedConnections {

	private @Nullable SharedAcceptor shared;

	/** Opened when Tomcat wants its accepting thread to check the endpoint's state. */
	private volatile CountDownLatch unlocked = new CountDownLatch(1);

	void share(SharedAcceptor acceptor) {
		this.shared = acceptor;
		acceptor.servedBy(this);
	}

	@Override
	protected void initServerSocket() throws Exception {
		if (this.shared == null) {
			super.initServerSocket();
			return;
		}
		this.unlocked = new CountDownLatch(1);
		this.shared.open();
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		return (this.shared != null) ? new AcceptorAddress(this.shared) : super.getServerSocket();
	}

	@Override
	protected @Nullable SocketChannel serverSocketAccept() throws Exception {
		if (this.shared == null) {
			return super.serverSocketAccept();
		}
		SocketChannel accepted = this.shared.accept();
		if (accepted == null) {
			// the open connections are served until Tomcat itself is stopped
			this.unlocked.await();
		}
		return accepted;
	}

	@Override
	@SuppressWarnings("NullAway") // Tomcat passes on what serverSocketAccept() has
									// returned
	protected void destroySocket(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return;
		}
		super.destroySocket(socket);
	}

	/**
	 * Wakes the accepting thread. Tomcat would connect to its own port, but another
	 * process may accept that connection.
	 */
	@Override
	protected void unlockAccept() {
		if (this.shared == null) {
			super.unlockAccept();
			return;
		}
		this.shared.leave();
		this.unlocked.countDown();
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		if (this.shared == null) {
			super.doCloseServerSocket();
			return;
		}
		this.shared.leave();
	}

	@Override
	public int count() {
		return this.connections.size();
	}

	/**
	 * Ends HTTP/2 connections, and does nothing to others. Closing the server socket, as
	 * Tomcat does in a shutdown, would add "Connection: close" to all responses. In the
	 * response to a handshake, it contradicts "Connection: upgrade".
	 */
	@Override
	public void leaving() {
		getHandler().pause();
	}

	boolean isShared() {
		return this.shared != null;
	}

}
