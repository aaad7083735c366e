package io.ipcboot.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Shows an acceptor to code that only asks for its address.
 */
final class AcceptorAddress implements NetworkChannel {

	private final SharedAcceptor acceptor;

	AcceptorAddress(SharedAcceptor acceptor) {
		this.acceptor = acceptor;
	}

	@Override
	public @Nullable SocketAddress getLocalAddress() {
		return this.acceptor.address();
	}

	@Override
	public boolean isOpen() {
		return this.acceptor.address() != null && !this.acceptor.isLeaving();
	}

	@Override
	public void close() {
		this.acceptor.leave();
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
