package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFServerSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Accepts connections in order to hand them over, as handles that need no lookup of their
 * descriptor. For one accepting thread; the listening socket becomes non-blocking.
 */
public final class HandleAcceptor implements Closeable {

	/** The time to accept the connections in the queue when the acceptor is closed. */
	private static final long LAST_CALL = TimeUnit.MILLISECONDS.toNanos(250);

	private final FileDescriptor descriptor;

	private final AFServerSocketChannel<?> view;

	private final NextConnection next;

	private volatile long closedAt;

	private HandleAcceptor(FileDescriptor descriptor) throws IOException {
		this.descriptor = descriptor;
		this.view = FileDescriptorCast.using(descriptor).as(AFServerSocketChannel.class);
		this.next = new NextConnection(this.view);
	}

	/**
	 * Accept on a listening socket.
	 * @param socket the socket, which stays its owner's
	 * @return an acceptor with a duplicate of the descriptor
	 * @throws IOException if the process has no descriptors left
	 */
	public static HandleAcceptor on(Handle socket) throws IOException {
		FileDescriptor duplicate = socket.duplicate();
		try {
			return new HandleAcceptor(duplicate);
		}
		catch (IOException | RuntimeException ex) {
			Descriptors.close(duplicate);
			throw ex;
		}
	}

	/**
	 * Wait for the next connection. Once this acceptor is closed, the connections in the
	 * queue are still accepted, and the last call gives up the descriptor.
	 * @return a connection, owned by the caller; {@code null} if there are no more
	 * @throws IOException if the process has no descriptors left, for example
	 */
	public @Nullable Accepted accept() throws IOException {
		while (true) {
			long closed = this.closedAt;
			FileDescriptor accepted = (closed == 0 || System.nanoTime() - closed < LAST_CALL) ? this.next.poll() : null;
			if (accepted != null) {
				return new Accepted(new Handle(HandleKind.TCP_SOCKET, accepted));
			}
			if (closed != 0) {
				release();
				return null;
			}
			this.next.await(0);
		}
	}

	void release() throws IOException {
		this.next.close();
		// close() of junixsocket would call shutdown(2) as long as there is a descriptor
		Descriptors.close(this.descriptor);
		this.view.close();
	}

	/**
	 * Let {@link #accept()} yield the connections in the queue, and then return.
	 */
	@Override
	public void close() {
		this.closedAt = System.nanoTime() | 1;
		this.next.wakeUp();
	}

	/**
	 * A connection.
	 *
	 * @param handle its descriptor
	 */
	public record Accepted(Handle handle) {

		/**
		 * Look up the address of the other side.
		 * @return the address, or the loopback address if the connection has ended
		 */
		public InetAddress client() {
			InetSocketAddress client = this.handle.remoteAddress();
			return (client != null) ? client.getAddress() : InetAddress.getLoopbackAddress();
		}

	}

}
