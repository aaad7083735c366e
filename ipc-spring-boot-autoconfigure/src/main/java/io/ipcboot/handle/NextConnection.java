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
 * Waits for connections to a listener of junixsocket's, which becomes non-blocking. The
 * channel's own {@code accept()} closes it when the thread is interrupted, and that calls
 * {@code shutdown(2)}, which stops the listener in every process. Here an interrupt
 * changes nothing, as with a {@link java.net.ServerSocket}.
 */
final class NextConnection implements Closeable {

	private final AFServerSocketChannel<?> listener;

	private final Selector selector;

	NextConnection(AFServerSocketChannel<?> listener) throws IOException {
		this.listener = listener;
		listener.configureBlocking(false);
		this.selector = listener.provider().openSelector();
		listener.register(this.selector, SelectionKey.OP_ACCEPT);
	}

	/**
	 * Wait until there is one, or {@link #wakeUp()}.
	 * @param millis for how long at most; 0 for no limit
	 * @return {@code false} if the time is over
	 */
	boolean await(long millis) throws IOException {
		boolean interrupted = Thread.interrupted();
		try {
			// for junixsocket's selector, unlike the JDK's, a timeout of 0 is no time at
			// all
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
	 * Return the descriptor of the next one, owned by the caller, or {@code null} if
	 * there is none at the moment.
	 */
	@Nullable FileDescriptor poll() throws IOException {
		int ready = this.selector.selectNow();
		this.selector.selectedKeys().clear();
		if (ready == 0) {
			return null;
		}
		try {
			return detach(this.listener.socket().accept().getChannel());
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

	/** The listener stays open. */
	@Override
	public void close() throws IOException {
		this.selector.close();
	}

}
