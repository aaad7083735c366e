package io.ipcboot.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.ipcboot.channel.Polling;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections for a connector of this process, in place of a server socket of the
 * connector's own. Yields connections from the moment on when the process takes part in
 * serving, until the process leaves. Safe for use by several threads.
 */
public final class SharedAcceptor {

	/** The queue is empty if a thread has waited for this long. */
	private static final Duration QUIET = Duration.ofMillis(1);

	private static final Duration QUIET_LIMIT = Duration.ofMillis(250);

	private final Object monitor = new Object();

	private final int index;

	private final SocketOpener opener;

	private volatile @Nullable InetSocketAddress address;

	private volatile State state = State.WAITING;

	/** Where connections come from while this process serves and leaves. */
	private volatile @Nullable ConnectionSource source;

	private volatile @Nullable ServedConnections connections;

	private volatile long waitingSince;

	/** Whether a thread has learned of the end, so that no connection is in its hands. */
	private volatile boolean ended;

	SharedAcceptor(int index, SocketOpener opener) {
		this.index = index;
		this.opener = opener;
	}

	int index() {
		return this.index;
	}

	/**
	 * Make sure that the server socket exists, and learn its address. Does nothing if the
	 * address is known.
	 * @throws IOException if the address is in use, for example
	 */
	public void open() throws IOException {
		synchronized (this.monitor) {
			if (this.address == null) {
				this.address = this.opener.open(this);
			}
		}
	}

	/**
	 * Return the address that clients connect to, with the real port.
	 * @return the address, or {@code null} if there is no server socket yet
	 */
	public @Nullable InetSocketAddress address() {
		return this.address;
	}

	/**
	 * Set the server that serves the connections.
	 * @param served the connections
	 */
	public void servedBy(ServedConnections served) {
		this.connections = served;
	}

	/**
	 * Wait until this process takes part in serving, and for the next connection.
	 * @return a connected channel in blocking mode, owned by the caller; {@code null} if
	 * this process has left
	 * @throws IOException if this connection failed, or no descriptors are left
	 */
	public @Nullable SocketChannel accept() throws IOException {
		ConnectionSource current = awaitSource();
		if (current == null) {
			return null;
		}
		this.waitingSince = System.nanoTime() | 1;
		try {
			SocketChannel accepted = current.accept();
			this.ended |= (accepted == null);
			return accepted;
		}
		finally {
			this.waitingSince = 0;
		}
	}

	private @Nullable ConnectionSource awaitSource() {
		if (this.state == State.WAITING) {
			try {
				awaitStart();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return null;
			}
		}
		return (this.state != State.LEFT) ? this.source : null;
	}

	private void awaitStart() throws InterruptedException {
		synchronized (this.monitor) {
			while (this.state == State.WAITING) {
				this.monitor.wait();
			}
		}
	}

	/**
	 * Let this process take part in serving.
	 * @param connections yields connections; closed when the process leaves
	 * @return {@code false} if this process takes part already, or leaves
	 */
	boolean serve(ConnectionSource connections) {
		synchronized (this.monitor) {
			if (this.state == State.WAITING) {
				this.source = connections;
				this.state = State.SERVING;
				this.monitor.notifyAll();
				return true;
			}
		}
		connections.close();
		return false;
	}

	/**
	 * Accept no more connections. Those in the kernel's queue stay there for other
	 * processes. Does nothing if this process leaves already.
	 */
	public void leave() {
		ConnectionSource current;
		synchronized (this.monitor) {
			if (isLeaving()) {
				return;
			}
			current = this.source;
			this.state = (current != null) ? State.LEAVING : State.LEFT;
			this.monitor.notifyAll();
		}
		if (current != null) {
			// if this process is the last one, the connections in the queue would be lost
			Polling.await(this::isQuiet, QUIET.dividedBy(4), QUIET_LIMIT);
			current.close();
			Polling.await(() -> this.ended, QUIET.dividedBy(4), QUIET_LIMIT);
			synchronized (this.monitor) {
				// it may have been reset meanwhile
				if (this.state == State.LEAVING) {
					this.state = State.LEFT;
				}
			}
		}
	}

	private boolean isQuiet() {
		long since = this.waitingSince;
		return since != 0 && System.nanoTime() - since > QUIET.toNanos();
	}

	/**
	 * Whether this process accepts no more connections.
	 * @return {@code true} once it leaves
	 */
	public boolean isLeaving() {
		return this.state.compareTo(State.LEAVING) >= 0;
	}

	/** Return to the initial state, so that the acceptor can be opened again. */
	void reset() {
		synchronized (this.monitor) {
			this.address = null;
			this.source = null;
			this.state = State.WAITING;
			this.ended = false;
		}
	}

	@Nullable ServedConnections served() {
		return this.connections;
	}

	private enum State {

		/** The process does not take part in serving yet. */
		WAITING,

		SERVING,

		/** Connections that are in the hands of the source are still yielded. */
		LEAVING,

		LEFT

	}

	/** Makes sure that the server socket of an acceptor exists. */
	interface SocketOpener {

		/**
		 * Open the server socket.
		 * @param acceptor the acceptor that needs it
		 * @return the address that clients connect to
		 */
		InetSocketAddress open(SharedAcceptor acceptor) throws IOException;

	}

}
