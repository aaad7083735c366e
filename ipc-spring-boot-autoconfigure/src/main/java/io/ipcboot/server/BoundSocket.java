package io.ipcboot.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.ipcboot.handle.Descriptors;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.InvalidHandleException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server socket that the parent has bound. Its handle keeps the socket listening
 * whatever becomes of the processes that accept on it.
 */
final class BoundSocket implements Closeable {

	private static final Log logger = LogFactory.getLog(BoundSocket.class);

	private final int connector;

	private final @Nullable ServerSocketChannel channel;

	private final InetSocketAddress address;

	private final Handle handle;

	/** Whether a service manager keeps the socket too. */
	private final boolean inherited;

	private BoundSocket(int connector, @Nullable ServerSocketChannel channel, InetSocketAddress address, Handle handle,
			boolean inherited) {
		this.connector = connector;
		this.channel = channel;
		this.address = address;
		this.handle = handle;
		this.inherited = inherited;
	}

	/**
	 * Bind a server socket, or take over the one that the service manager has bound for
	 * the connector.
	 * @param accepting whether this process accepts connections too
	 */
	static BoundSocket bind(int connector, InetSocketAddress address, int backlog, boolean accepting)
			throws IOException {
		Handle inherited = SystemdSockets.find(connector);
		if (inherited != null) {
			try {
				return new BoundSocket(connector, accepting ? adopt(inherited) : null, inherited.localAddress(),
						inherited, true);
			}
			catch (IOException | RuntimeException ex) {
				inherited.close();
				throw ex;
			}
		}
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			bind(channel, address, backlog);
			return new BoundSocket(connector, channel, (InetSocketAddress) channel.getLocalAddress(),
					Handle.share(channel), false);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	private static void bind(ServerSocketChannel channel, InetSocketAddress address, int backlog) throws IOException {
		try {
			channel.bind(address, backlog);
		}
		catch (BindException ex) {
			// only the message differs from that for an address this machine does not
			// have
			throw String.valueOf(ex.getMessage()).contains("in use") ? new AddressInUseException(address, ex) : ex;
		}
	}

	private static @Nullable ServerSocketChannel adopt(Handle inherited) throws IOException {
		Handle shared = Handle.share(inherited);
		try {
			return shared.as(ServerSocketChannel.class);
		}
		catch (InvalidHandleException ex) {
			shared.close();
			logger.warn("Only workers accept on the socket that this process has inherited: " + ex.getMessage());
			return null;
		}
	}

	int connector() {
		return this.connector;
	}

	InetSocketAddress address() {
		return this.address;
	}

	/** The channel on which the parent itself accepts, if it does. */
	@Nullable ServerSocketChannel channel() {
		return this.channel;
	}

	/** The handle for all other processes; it is shared, not taken. */
	Handle handle() {
		return this.handle;
	}

	/**
	 * Let the last worker that leaves accept the connections in the queue, which would be
	 * lost otherwise. If a service manager has the socket too, the queue is left to the
	 * next process that it starts.
	 */
	void announceEnd() {
		if (!this.inherited) {
			this.handle.makeNonBlocking();
		}
	}

	/** Let the socket listen only as long as another process, or the channel, does. */
	void release() {
		this.handle.close();
	}

	@Override
	public void close() {
		release();
		if (this.channel != null) {
			Descriptors.closeQuietly(this.channel);
		}
	}

}
