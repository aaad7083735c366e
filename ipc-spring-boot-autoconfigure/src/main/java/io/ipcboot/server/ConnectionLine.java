package io.ipcboot.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of a socket on which one worker gets connections. It is not the
 * channel of the application's messages, as connections must not wait for listeners. One
 * byte goes to the worker for each connection, which is attached to it. What comes back
 * are {@link Report}s, in the order of the connections. Until a connection is reported as
 * taken this end keeps it, so that it can go to another worker.
 */
final class ConnectionLine {

	/**
	 * Connections on their way; so few never fill the buffer of the kernel, so nobody has
	 * to wait in write(2).
	 */
	static final int WINDOW = 64;

	/** A worker that has not taken any connection for so long may hang. */
	static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final byte[] SIGNAL = { 1 };

	/** Guarded by itself. */
	private final Deque<Connection> underway = new ArrayDeque<>();

	private final PeerId worker;

	private final HandleSocket socket;

	private final Events events;

	private volatile boolean closed;

	private volatile int count;

	private volatile int open;

	/** When the worker has taken one, or could first have done so. */
	private volatile long lastTaken;

	ConnectionLine(PeerId worker, HandleSocket socket, Events events) {
		this.worker = worker;
		this.socket = socket;
		this.events = events;
		Thread reader = new Thread(this::read, "ipc-line-%s-%d".formatted(worker.pool(), worker.slot()));
		reader.setDaemon(true);
		reader.start();
	}

	PeerId worker() {
		return this.worker;
	}

	/** How many connections the worker has, as far as that is known. */
	long load() {
		return (long) this.open + this.count;
	}

	boolean isOpen() {
		return !this.closed;
	}

	boolean hasRoom() {
		return !this.closed && this.count < WINDOW;
	}

	/** Whether the worker lets connections wait longer than it should. */
	boolean isStalled() {
		return this.count > 0 && System.nanoTime() - this.lastTaken > PATIENCE.toNanos();
	}

	boolean isIdle() {
		return this.count == 0;
	}

	/**
	 * Send a connection, unless the worker has gone or has enough to take. One at a time,
	 * as reports come in the order in which connections were sent.
	 * @return whether it is on its way
	 * @throws IOException if this process lacks something that it takes to send it; it
	 * stays the caller's then
	 */
	synchronized boolean send(Connection connection) throws IOException {
		synchronized (this.underway) {
			if (this.closed || this.underway.size() >= WINDOW) {
				return false;
			}
			if (this.underway.isEmpty()) {
				this.lastTaken = System.nanoTime();
			}
			// before it is sent, as the report may come at once
			this.underway.add(connection);
			this.count = this.underway.size();
		}
		try {
			this.socket.write(SIGNAL, 0, SIGNAL.length, connection.handle());
			return true;
		}
		catch (IOException ex) {
			synchronized (this.underway) {
				// if the end of the line came first, the connection is on its way already
				if (!this.underway.removeLastOccurrence(connection)) {
					return true;
				}
				this.count = this.underway.size();
			}
			if (!this.socket.canSendHandles()) {
				// this line will take no more
				this.closed = true;
				this.socket.shutdown();
			}
			throw ex;
		}
	}

	private void read() {
		byte[] bytes = new byte[WINDOW * Report.SIZE];
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		String violation = null;
		try {
			int length;
			while (violation == null
					&& (length = this.socket.read(bytes, buffer.position(), buffer.remaining())) >= 0) {
				buffer.position(buffer.position() + length).flip();
				while (violation == null && buffer.remaining() >= Report.SIZE) {
					violation = received(Report.read(buffer));
				}
				buffer.compact();
			}
		}
		catch (IOException ex) {
			// the worker has gone
		}
		end(violation);
	}

	/**
	 * @return what is wrong with the report, or {@code null}
	 */
	private @Nullable String received(Report report) {
		if (!report.isValid()) {
			return "its report of connections is none: " + report;
		}
		this.open = report.open();
		if (report.outcome() == Report.LOAD) {
			return null;
		}
		Connection oldest;
		synchronized (this.underway) {
			oldest = this.underway.poll();
			this.lastTaken = System.nanoTime();
			this.count = this.underway.size();
		}
		if (oldest == null) {
			return "it reports a connection that it did not get";
		}
		if (report.outcome() == Report.TAKEN) {
			oldest.handle().close();
		}
		else {
			this.events.returned(this, List.of(oldest));
		}
		this.events.hasRoom();
		return null;
	}

	private void end(@Nullable String violation) {
		List<Connection> left;
		synchronized (this.underway) {
			this.closed = true;
			left = List.copyOf(this.underway);
			this.underway.clear();
			this.count = 0;
		}
		closeSocket();
		this.events.ended(this, violation);
		this.events.returned(this, left);
	}

	/** While nobody sends, as the number may stand for something else at once. */
	private synchronized void closeSocket() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// close(2) has released the number whatever it reports
		}
	}

	/** Let the worker know that there will be no more. */
	void close() {
		this.socket.shutdown();
	}

	/**
	 * Told what becomes of a line, on a thread of the line.
	 */
	interface Events {

		/** The worker has not taken these, and nobody has read from them. */
		void returned(ConnectionLine line, List<Connection> connections);

		/** The worker has taken a connection. */
		void hasRoom();

		/**
		 * @param violation what the worker has done wrong, or {@code null}
		 */
		void ended(ConnectionLine line, @Nullable String violation);

	}

}
