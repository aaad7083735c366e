package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFServerSocketChannel;
import org.newsclub.net.unix.AFSocketChannel;

/**
 * Waits for connections to a server socket of junixsocket, which becomes non-blocking.
 * The channel's own {@code accept()} closes the channel when the thread is interrupted,
 * and thereby calls {@code shutdown(2)}, which stops the socket in every process. Here an
 * interrupt changes nothing, as with a {@link java.net.ServerSocket}.
 */
final class NextConnection implements Closeable {

	private final AFServerSocketChannel<?> server;

	private final Selector selector;

	NextConnection(AFServerSocketChannel<?> server) throws IOException {
		this.server = server;
		server.configureBlocking(false);
		this.selector = server.provider().openSelector();
		server.register(this.selector, SelectionKey.OP_ACCEPT);
	}

	/**
	 * Wait for a connection or {@link #wakeUp()}.
	 * @param millis how long to wait at most; 0 for no limit
	 * @return {@code false} if the time is over
	 */
	boolean await(long millis) throws IOException {
		boolean interrupted = Thread.interrupted();
		try {
			// to junixsocket's selector, unlike the JDK's, a timeout of 0 means not to
			// wait
			int ready = (millis > 0) ? this.selector.select(millis) : this.selector.select();
			this.selector.selectedKeys().clear();
			boolean cutShort = Thread.interrupted();
			interrupted |= cutShort;
			return ready > 0 || millis == 0 || cutShort;
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Return the descriptor of the next connection, owned by the caller, or {@code null}
	 * if there is none at the moment.
	 */
	@Nullable FileDescriptor poll() throws IOException {
		int ready = this.selector.selectNow();
		this.selector.selectedKeys().clear();
		if (ready == 0) {
			return null;
		}
		try {
			return detach(this.server.socket().accept().getChannel());
		}
		catch (IllegalBlockingModeException ex) {
			// another process was faster
			return null;
		}
	}

	private static FileDescriptor detach(AFSocketChannel<?> accepted) throws IOException {
		try (accepted) {
			FileDescriptor duplicate = Descriptors.duplicate(accepted.getFileDescriptor());
			// without a descriptor, close() cannot shut the connection down
			Descriptors.close(accepted.getFileDescriptor());
			return duplicate;
		}
	}

	void wakeUp() {
		this.selector.wakeup();
	}

	/** Stop waiting; the server socket stays open. */
	@Override
	public void close() throws IOException {
		this.selector.close();
	}

}
