package io.ipcboot.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.ipcboot.handle.Handle;

/**
 * A listener that the parent has bound. Its handle keeps it listening whatever becomes of
 * the processes that accept on it.
 */
final class BoundListener implements Closeable {

	private final int connector;

	private final ServerSocketChannel channel;

	private final InetSocketAddress address;

	private final Handle handle;

	private BoundListener(int connector, ServerSocketChannel channel) throws IOException {
		this.connector = connector;
		this.channel = channel;
		this.address = (InetSocketAddress) channel.getLocalAddress();
		this.handle = Handle.share(channel);
	}

	static BoundListener bind(int connector, InetSocketAddress address, int backlog) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			channel.bind(address, backlog);
			return new BoundListener(connector, channel);
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
			this.channel.close();
		}
		catch (IOException ex) {
			// close(2) has released the number whatever it reports
		}
	}

}
