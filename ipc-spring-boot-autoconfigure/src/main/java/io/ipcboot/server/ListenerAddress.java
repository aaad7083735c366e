package io.ipcboot.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Shows a listener to code that only wants to know where it is.
 */
final class ListenerAddress implements NetworkChannel {

	private final ServerListener listener;

	ListenerAddress(ServerListener listener) {
		this.listener = listener;
	}

	@Override
	public @Nullable SocketAddress getLocalAddress() {
		return this.listener.address();
	}

	@Override
	public boolean isOpen() {
		return this.listener.address() != null && !this.listener.isLeaving();
	}

	@Override
	public void close() {
		this.listener.leave();
	}

	@Override
	public NetworkChannel bind(SocketAddress local) throws IOException {
		throw new ClosedChannelException();
	}

	@Override
	public <T> NetworkChannel setOption(SocketOption<T> name, T value) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> T getOption(SocketOption<T> name) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Set<SocketOption<?>> supportedOptions() {
		return Set.of();
	}

}
