package io.ipcboot.server;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import io.ipcboot.handle.Descriptors;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Accepts on a server socket that other processes may accept on as well. The socket is
 * only ever closed, which ends one copy; {@code shutdown(2)} would end it for all
 * processes.
 * <p>
 * A thread that waits in accept(2) returns only when its descriptor is closed. If that
 * was the last descriptor of all processes, the kernel resets the connections in the
 * queue. The parent therefore announces the end of the socket by making it non-blocking,
 * and the waiting thread then goes on with another descriptor until the queue is empty.
 */
final class AcceptingSource implements ConnectionSource {

	private final ServerSocketChannel socket;

	/** Guarded by this. */
	private @Nullable Handle spare;

	/** Guarded by this. */
	private @Nullable ServerSocketChannel last;

	/**
	 * @param spare the same socket, or {@code null} to leave the queue to other processes
	 */
	AcceptingSource(ServerSocketChannel socket, @Nullable Handle spare) {
		this.socket = socket;
		this.spare = spare;
	}

	@Override
	public @Nullable SocketChannel accept() throws IOException {
		try {
			// never null: the channel is in blocking mode, whatever mode the socket is in
			return this.socket.accept();
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
			// if this process is the last one, the connections in the queue are lost
		}
		finally {
			Descriptors.closeQuietly(this.socket);
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
