package io.ipcboot.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A listener that the parent has bound. Its handle keeps it listening whatever becomes of
 * the processes that accept on it.
 */
final class BoundListener implements Closeable {

	private final int connector;

	private final @Nullable ServerSocketChannel channel;

	private final InetSocketAddress address;

	private final Handle handle;

	private BoundListener(int connector, @Nullable ServerSocketChannel channel, InetSocketAddress address,
			Handle handle) {
		this.connector = connector;
		this.channel = channel;
		this.address = address;
		this.handle = handle;
	}

	/**
	 * Bind a listener, or take over the one that the service manager has bound for the
	 * connector.
	 * @param accepting whether this process wants to accept itself
	 */
	static BoundListener bind(int connector, InetSocketAddress address, int backlog, boolean accepting)
			throws IOException {
		Handle inherited = InheritedListeners.find(connector);
		if (inherited != null) {
			try {
				InetSocketAddress bound = inherited.listenerAddress();
				return new BoundListener(connector,
						accepting ? Handle.share(inherited).as(ServerSocketChannel.class) : null, bound, inherited);
			}
			catch (IOException | RuntimeException ex) {
				inherited.close();
				throw ex;
			}
		}
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			channel.bind(address, backlog);
			return new BoundListener(connector, channel, (InetSocketAddress) channel.getLocalAddress(),
					Handle.share(channel));
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	int connector() {
		return this.connector;
	}

	InetSocketAddress address() {
		return this.address;
	}

	/** The parent's own way to accept. */
	ServerSocketChannel channel() {
		if (this.channel == null) {
			throw new IllegalStateException("This process does not accept on " + this.address);
		}
		return this.channel;
	}

	/** For everybody else; to be shared, not taken. */
	Handle handle() {
		return this.handle;
	}

	/** From now on it listens only as long as another process, or the channel, does. */
	void release() {
		this.handle.close();
	}

	@Override
	public void close() {
		release();
		try {
			if (this.channel != null) {
				this.channel.close();
			}
		}
		catch (IOException ex) {
			// close(2) has released the number whatever it reports
		}
	}

}
