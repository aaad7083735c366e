package io.ipcboot.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.Background;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Netty's server channel with a {@link SharedAcceptor} in place of its own server socket,
 * which is a mere placeholder at the event loop. A thread of this channel waits for
 * connections: of several processes that wait in a blocking accept, the kernel wakes one.
 */
class SharedServerChannel extends NioServerSocketChannel implements ServedConnections {

	private static final Log logger = LogFactory.getLog(SharedServerChannel.class);

	private final AtomicInteger open = new AtomicInteger();

	private final Set<Channel> connections = ConcurrentHashMap.newKeySet();

	private final SharedAcceptor acceptor;

	private volatile boolean bound;

	SharedServerChannel(SharedAcceptor acceptor) {
		super(placeholder());
		this.acceptor = acceptor;
		this.acceptor.servedBy(this);
	}

	private static ServerSocketChannel placeholder() {
		try {
			return ServerSocketChannel.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	protected void doBind(SocketAddress localAddress) throws Exception {
		this.acceptor.open();
		this.bound = true;
		Thread thread = new Thread(() -> AcceptLoop.run(this::acceptNext, logger), "ipc-accept");
		thread.setDaemon(true);
		thread.start();
	}

	private boolean acceptNext() throws IOException {
		SocketChannel accepted = this.acceptor.accept();
		if (accepted != null) {
			serve(accepted);
		}
		return accepted != null;
	}

	private void serve(SocketChannel accepted) throws IOException {
		this.open.incrementAndGet();
		try {
			eventLoop().execute(() -> {
				NioSocketChannel connection = new NioSocketChannel(this, accepted);
				this.connections.add(connection);
				connection.closeFuture().addListener((closed) -> {
					this.connections.remove(connection);
					this.open.decrementAndGet();
				});
				pipeline().fireChannelRead(connection);
				pipeline().fireChannelReadComplete();
			});
		}
		catch (RejectedExecutionException ex) {
			this.open.decrementAndGet();
			accepted.close();
		}
	}

	/** Does nothing, as the accepting thread needs no request to read. */
	@Override
	protected void doBeginRead() {
	}

	@Override
	public boolean isActive() {
		return isOpen() && this.bound;
	}

	@Override
	protected @Nullable SocketAddress localAddress0() {
		return this.acceptor.address();
	}

	@Override
	protected void doClose() throws Exception {
		// leaving may block, which an event loop must not
		Background.EXECUTOR.execute(this.acceptor::leave);
		super.doClose();
	}

	@Override
	public void leaving() {
		this.connections.stream()
			.filter(Channel::isRegistered)
			.forEach((connection) -> connection.eventLoop().execute(() -> goAway(connection)));
	}

	/** Refuse new requests only, as the last one is not known yet. */
	private static void goAway(Channel connection) {
		ChannelHandlerContext context = connection.pipeline().context(Http2ConnectionHandler.class);
		if (context != null) {
			((Http2ConnectionHandler) context.handler()).goAway(context, Integer.MAX_VALUE, Http2Error.NO_ERROR.code(),
					Unpooled.EMPTY_BUFFER, context.newPromise());
			context.flush();
		}
	}

	@Override
	public int count() {
		return this.open.get();
	}

}
