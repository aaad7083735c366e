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
 * Jetty's connector with a {@link ServerListener} in place of its own server socket.
 */
public final class SharedServerConnector extends ServerConnector implements ServedConnections {

	/** How often an acceptor that has nothing more to accept looks whether it may end. */
	private static final long CHECK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

	/** What was accepted, and is no endpoint yet. */
	private final AtomicInteger registering = new AtomicInteger();

	private final ServerListener listener;

	/**
	 * Create a connector with the settings of another one.
	 * @param original the connector to replace; not started yet
	 * @param listeners where to get the listener
	 */
	public SharedServerConnector(ServerConnector original, ServerListeners listeners) {
		super(original.getServer(), original.getExecutor(), original.getScheduler(), original.getByteBufferPool(),
				original.getAcceptors(), original.getSelectorManager().getSelectorCount(),
				original.getConnectionFactories().toArray(ConnectionFactory[]::new));
		setName(original.getName());
		setHost(original.getHost());
		setPort(original.getPort());
		setDefaultProtocol(original.getDefaultProtocol());
		setIdleTimeout(original.getIdleTimeout());
		setShutdownIdleTimeout(original.getShutdownIdleTimeout());
		setAcceptQueueSize(original.getAcceptQueueSize());
		setAcceptorPriorityDelta(original.getAcceptorPriorityDelta());
		setAcceptedTcpNoDelay(original.getAcceptedTcpNoDelay());
		setAcceptedReceiveBufferSize(original.getAcceptedReceiveBufferSize());
		setAcceptedSendBufferSize(original.getAcceptedSendBufferSize());
		this.listener = listeners.create(this::configuredAddress, this::getAcceptQueueSize);
		this.listener.servedBy(this);
	}

	private InetSocketAddress configuredAddress() {
		String host = getHost();
		return (host != null) ? new InetSocketAddress(host, getPort()) : new InetSocketAddress(getPort());
	}

	@Override
	public void open() throws IOException {
		this.listener.open();
	}

	@Override
	public boolean isOpen() {
		return this.listener.address() != null && !this.listener.isLeaving();
	}

	@Override
	public int getLocalPort() {
		InetSocketAddress address = this.listener.address();
		return (address != null) ? address.getPort() : -1;
	}

	@Override
	public void accept(int acceptorID) throws IOException {
		SocketChannel channel = this.listener.accept();
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
		this.listener.leave();
		super.close();
	}

	/** HTTP/2 sessions end when their last request is answered. */
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
