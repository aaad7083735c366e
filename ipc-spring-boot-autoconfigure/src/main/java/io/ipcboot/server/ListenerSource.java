package io.ipcboot.server;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Accepts on a listener that other processes may accept on as well. Only ever closed,
 * which ends one copy; {@code shutdown(2)} would end it for all processes.
 * <p>
 * Threads that wait in accept(2) return only when their descriptor is closed, and if that
 * was the last one of all processes, the connections in the queue are reset. So where the
 * listener ends, which the parent announces by making it non-blocking, the waiting thread
 * goes on with another descriptor, until the queue is empty.
 */
final class ListenerSource implements ConnectionSource {

	private final ServerSocketChannel listener;

	/** Guarded by this. */
	private @Nullable Handle spare;

	/** Guarded by this. */
	private @Nullable ServerSocketChannel last;

	/**
	 * @param spare the same listener, or {@code null} to leave the queue to others
	 */
	ListenerSource(ServerSocketChannel listener, @Nullable Handle spare) {
		this.listener = listener;
		this.spare = spare;
	}

	@Override
	public @Nullable SocketChannel accept() throws IOException {
		try {
			// never null: the channel is in blocking mode, whatever the listener is in
			return this.listener.accept();
		}
		catch (ClosedChannelException ex) {
			return acceptRest();
		}
	}

	private synchronized @Nullable SocketChannel acceptRest() throws IOException {
		SocketChannel accepted = (this.last != null) ? this.last.accept() : null;
		if (accepted == null && this.last != null) {
			this.last.close();
			this.last = null;
		}
		return accepted;
	}

	@Override
	public void close() {
		try {
			keepIfEnding();
		}
		catch (IOException ex) {
			// then what is in the queue is lost, if this process is the last one
		}
		finally {
			closeListener();
		}
	}

	private void closeListener() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			// close(2) has released the number whatever it reports
		}
	}

	private synchronized void keepIfEnding() throws IOException {
		Handle ending = this.spare;
		this.spare = null;
		if (ending == null) {
			return;
		}
		try (ending) {
			if (ending.isNonBlocking()) {
				this.last = ending.as(ServerSocketChannel.class);
				this.last.configureBlocking(false);
			}
		}
	}

}
