package io.ipcboot.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What a connector of this process accepts on, in place of a listener of its own. It
 * yields connections from the moment on when the process takes part in serving, until the
 * process leaves. Safe for use by several threads.
 */
public final class ServerListener {

	/** A thread that waits for so long waits because nothing is in the queue. */
	private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long QUIET_LIMIT = TimeUnit.MILLISECONDS.toNanos(250);

	private final Object monitor = new Object();

	private final int index;

	private final Opening opening;

	private volatile @Nullable InetSocketAddress address;

	private volatile @Nullable ConnectionSource source;

	private volatile @Nullable ServedConnections connections;

	private volatile long waitingSince;

	private volatile boolean leaving;

	private volatile boolean left;

	/** Whether the acceptor knows, so that it has nothing in its hands. */
	private volatile boolean ended;

	ServerListener(int index, Opening opening) {
		this.index = index;
		this.opening = opening;
	}

	int index() {
		return this.index;
	}

	/**
	 * Make sure that the listener exists, and find out where. Does nothing if that is
	 * known.
	 * @throws IOException if the address is in use, for example
	 */
	public void open() throws IOException {
		synchronized (this.monitor) {
			if (this.address == null) {
				this.address = this.opening.open(this);
			}
		}
	}

	/**
	 * Return the address that clients connect to, with the real port.
	 * @return the address, or {@code null} if the listener is not open
	 */
	public @Nullable InetSocketAddress address() {
		return this.address;
	}

	/**
	 * Tell the listener who serves its connections.
	 * @param served the connections
	 */
	public void servedBy(ServedConnections served) {
		this.connections = served;
	}

	/**
	 * Wait until this process takes part, and for the next connection.
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
		ConnectionSource current = this.source;
		if (current != null || this.leaving) {
			return this.left ? null : current;
		}
		synchronized (this.monitor) {
			while (this.source == null && !this.leaving) {
				try {
					this.monitor.wait();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					return null;
				}
			}
			return this.source;
		}
	}

	/**
	 * From now on this process takes part.
	 * @param connections yields connections; closed when the process leaves
	 */
	void serve(ConnectionSource connections) {
		synchronized (this.monitor) {
			if (!this.leaving && this.source == null) {
				this.source = connections;
				this.monitor.notifyAll();
				return;
			}
		}
		connections.close();
	}

	/**
	 * Accept no more connections. What waits in the kernel's queue stays there for the
	 * other processes.
	 */
	public void leave() {
		ConnectionSource current;
		synchronized (this.monitor) {
			current = this.source;
			if (this.leaving) {
				return;
			}
			this.leaving = true;
			this.monitor.notifyAll();
		}
		if (current != null) {
			// if this process is the last one, whatever waits would be lost
			await(this::isQuiet);
			current.close();
			await(() -> this.ended);
		}
		this.left = true;
	}

	private boolean isQuiet() {
		long since = this.waitingSince;
		return since != 0 && System.nanoTime() - since > QUIET;
	}

	private static void await(BooleanSupplier condition) {
		long limit = System.nanoTime() + QUIET_LIMIT;
		while (!condition.getAsBoolean() && System.nanoTime() < limit) {
			LockSupport.parkNanos(QUIET / 4);
		}
	}

	/**
	 * Whether this process accepts no more connections.
	 * @return {@code true} once it leaves
	 */
	public boolean isLeaving() {
		return this.leaving;
	}

	/** Forget everything, so that it can be opened again. */
	void reset() {
		synchronized (this.monitor) {
			this.address = null;
			this.source = null;
			this.leaving = false;
			this.left = false;
			this.ended = false;
		}
	}

	@Nullable ServedConnections served() {
		return this.connections;
	}

	/** Makes sure that the listener exists. */
	interface Opening {

		/**
		 * Open the listener.
		 * @param listener the listener
		 * @return where clients connect to
		 */
		InetSocketAddress open(ServerListener listener) throws IOException;

	}

}
