package io.ipcboot.server;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * Accepts on a listener that other processes may accept on as well. Only ever closed,
 * which ends one copy; {@code shutdown(2)} would end it for all processes.
 */
final class ListenerSource implements ConnectionSource {

	private final ServerSocketChannel listener;

	ListenerSource(ServerSocketChannel listener) {
		this.listener = listener;
	}

	@Override
	public @Nullable SocketChannel accept() throws IOException {
		try {
			// never null: the channel is in blocking mode, whatever the listener is in
			return this.listener.accept();
		}
		catch (ClosedChannelException ex) {
			return null;
		}
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			// close(2) has released the number whatever it reports
		}
	}

}
