package io.ipcboot.server;

import java.io.IOException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;

import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's endpoint with a {@link ServerListener} in place of its own server socket.
 */
class SharedNioEndpoint extends NioEndpoint implements ServedConnections {

	private @Nullable ServerListener listener;

	/** Opened when Tomcat wants its acceptor to look at what has happened. */
	private volatile CountDownLatch unlocked = new CountDownLatch(1);

	void share(ServerListener shared) {
		this.listener = shared;
		shared.servedBy(this);
	}

	@Override
	protected void initServerSocket() throws Exception {
		if (this.listener == null) {
			super.initServerSocket();
			return;
		}
		this.unlocked = new CountDownLatch(1);
		this.listener.open();
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		return (this.listener != null) ? new ListenerAddress(this.listener) : super.getServerSocket();
	}

	@Override
	protected @Nullable SocketChannel serverSocketAccept() throws Exception {
		if (this.listener == null) {
			return super.serverSocketAccept();
		}
		SocketChannel accepted = this.listener.accept();
		if (accepted == null) {
			// the open connections are served until Tomcat itself is stopped
			this.unlocked.await();
		}
		return accepted;
	}

	@Override
	@SuppressWarnings("NullAway") // the acceptor passes on what it got
	protected void destroySocket(@Nullable SocketChannel socket) {
		if (socket == null) {
			countDownConnection();
			return;
		}
		super.destroySocket(socket);
	}

	/**
	 * Tomcat would connect to its own port, but another process may accept that
	 * connection.
	 */
	@Override
	protected void unlockAccept() {
		if (this.listener == null) {
			super.unlockAccept();
			return;
		}
		this.listener.leave();
		this.unlocked.countDown();
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		if (this.listener == null) {
			super.doCloseServerSocket();
			return;
		}
		this.listener.leave();
	}

	@Override
	public int count() {
		return this.connections.size();
	}

	/** Does what ends HTTP/2 connections, and nothing to others. */
	@Override
	public void leaving() {
		closeServerSocketGraceful();
	}

}
