package io.ipcboot.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.Container;
import org.eclipse.jetty.util.component.Graceful;

/**
 * Jetty's connector with a {@link SharedAcceptor} in place of its own server socket.
 */
public final class SharedServerConnector extends ServerConnector implements ServedConnections {

	/** The pause of a thread that has nothing more to accept before Jetty may end it. */
	private static final long CHECK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

	/** Milliseconds. */
	private static final long DEFAULT_SHUTDOWN_IDLE_TIMEOUT = 1_000;

	/** Makes Jetty keep the idle timeout that a connection has. */
	private static final long UNCHANGED = -1;

	/** The connections that were accepted and are no endpoints yet. */
	private final AtomicInteger registering = new AtomicInteger();

	private final SharedAcceptor acceptor;

	/**
	 * Create a connector with the settings of another one. Without threads that accept,
	 * Jetty would let its selector accept from a server socket, so there is always one.
	 * @param original the connector to replace, which was not started
	 * @param acceptors creates the acceptor
	 */
	public SharedServerConnector(ServerConnector original, SharedAcceptors acceptors) {
		super(original.getServer(), original.getExecutor(), original.getScheduler(), original.getByteBufferPool(),
				Math.max(1, original.getAcceptors()), original.getSelectorManager().getSelectorCount(),
				original.getConnectionFactories().toArray(ConnectionFactory[]::new));
		setName(original.getName());
		setHost(original.getHost());
		setPort(original.getPort());
		setDefaultProtocol(original.getDefaultProtocol());
		setIdleTimeout(original.getIdleTimeout());
		setShutdownIdleTimeout(shutdownIdleTimeout(original));
		setAcceptQueueSize(original.getAcceptQueueSize());
		setAcceptorPriorityDelta(original.getAcceptorPriorityDelta());
		setAcceptedTcpNoDelay(original.getAcceptedTcpNoDelay());
		setAcceptedReceiveBufferSize(original.getAcceptedReceiveBufferSize());
		setAcceptedSendBufferSize(original.getAcceptedSendBufferSize());
		this.acceptor = acceptors.create(this::configuredAddress, this::getAcceptQueueSize);
		this.acceptor.servedBy(this);
	}

	/**
	 * With Jetty's default, a client that does not read for a second gets only a part of
	 * its response while this process leaves.
	 */
	private static long shutdownIdleTimeout(ServerConnector original) {
		long configured = original.getShutdownIdleTimeout();
		return (configured != DEFAULT_SHUTDOWN_IDLE_TIMEOUT) ? configured : UNCHANGED;
	}

	private InetSocketAddress configuredAddress() {
		String host = getHost();
		return (host != null) ? new InetSocketAddress(host, getPort()) : new InetSocketAddress(getPort());
	}

	@Override
	public void open() throws IOException {
		this.acceptor.open();
	}

	@Override
	public boolean isOpen() {
		return this.acceptor.address() != null && !this.acceptor.isLeaving();
	}

	@Override
	public int getLocalPort() {
		InetSocketAddress address = this.acceptor.address();
		return (address != null) ? address.getPort() : -1;
	}

	@Override
	public void accept(int acceptorID) throws IOException {
		SocketChannel channel = this.acceptor.accept();
		if (channel == null) {
			LockSupport.parkNanos(CHECK_INTERVAL);
			return;
		}
		channel.configureBlocking(false);
		configure(channel.socket());
		this.registering.incrementAndGet();
		getSelectorManager().accept(channel);
	}

	@Override
	protected void onEndPointOpened(EndPoint endPoint) {
		super.onEndPointOpened(endPoint);
		this.registering.decrementAndGet();
	}

	@Override
	public void close() {
		this.acceptor.leave();
		super.close();
	}

	/** Ends each HTTP/2 session once its last request is answered. */
	@Override
	public void leaving() {
		for (ConnectionFactory factory : getConnectionFactories()) {
			if (factory instanceof Container container) {
				container.getBeans(Graceful.class).forEach(Graceful::shutdown);
			}
		}
	}

	@Override
	public int count() {
		return getConnectedEndPoints().size() + Math.max(0, this.registering.get());
	}

}
