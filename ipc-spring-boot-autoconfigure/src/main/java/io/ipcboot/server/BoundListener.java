package io.ipcboot.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.ipcboot.handle.Handle;
import io.ipcboot.handle.InvalidHandleException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A listener that the parent has bound. Its handle keeps it listening whatever becomes of
 * the processes that accept on it.
 */
final class BoundListener implements Closeable {

	private static final Log logger = LogFactory.getLog(BoundListener.class);

	private final int connector;

	private final @Nullable ServerSocketChannel channel;

	private final InetSocketAddress address;

	private final Handle handle;

	/** Whether somebody else keeps it. */
	private final boolean inherited;

	private BoundListener(int connector, @Nullable ServerSocketChannel channel, InetSocketAddress address,
			Handle handle, boolean inherited) {
		this.connector = connector;
		this.channel = channel;
		this.address = address;
		this.handle = handle;
		this.inherited = inherited;
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
				return new BoundListener(connector, accepting ? adopt(inherited) : null, inherited.listenerAddress(),
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
			return new BoundListener(connector, channel, (InetSocketAddress) channel.getLocalAddress(),
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
			// the only way to tell it from an address that this machine does not have
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
			logger.warn("Only workers serve the listener that this process has inherited: " + ex.getMessage());
			return null;
		}
	}

	int connector() {
		return this.connector;
	}

	InetSocketAddress address() {
		return this.address;
	}

	/** The parent's own way to accept, if it has one. */
	@Nullable ServerSocketChannel channel() {
		return this.channel;
	}

	/** For everybody else; to be shared, not taken. */
	Handle handle() {
		return this.handle;
	}

	/**
	 * No more workers come, and those that are there leave: let the last one accept what
	 * is in the queue, which would be lost otherwise. Where a service manager has the
	 * listener too, the queue is for its next service.
	 */
	void announceEnd() {
		if (!this.inherited) {
			this.handle.makeNonBlocking();
		}
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
