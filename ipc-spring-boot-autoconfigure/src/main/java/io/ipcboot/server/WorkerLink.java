package io.ipcboot.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Descriptors;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.pool.Balancer;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of a socket on which one worker gets connections. Connections do not
 * use the channel of the application's messages, as they must not wait for its listeners.
 * The parent sends one byte for each connection, with the descriptor attached. The worker
 * answers with {@link LinkReport}s, in the order of the connections. The parent keeps its
 * copy of a connection until the worker reports it as taken, so that the connection can
 * go to another worker.
 */
final class WorkerLink implements Balancer.Candidate {

	/**
	 * The largest number of connections on their way. So few never fill the kernel's
	 * buffer.
	 */
	static final int WINDOW = 64;

	/** The time without a taken connection after which a worker may hang. */
	static final Duration PATIENCE = Duration.ofSeconds(1);

	private static final byte[] SIGNAL = { 1 };

	/** Guarded by itself. */
	private final Deque<Connection> underway = new ArrayDeque<>();

	private final PeerId worker;

	private final HandleSocket socket;

	/** The largest number of open connections and of those on their way. */
	private final int maxConnections;

	private final LinkObserver observer;

	private volatile boolean closed;

	/** What the worker has done wrong, as the sending thread has found. */
	private volatile @Nullable String violation;

	/** Why nothing more can be sent to the worker, which may be well. */
	private volatile @Nullable IOException failure;

	private volatile int count;

	private volatile int open;

	/** When the worker took a connection, or the first one was sent. */
	private volatile long lastTaken;

	/**
	 * @param maxConnections how many connections the worker may have; 0 for no limit
	 * @throws IOException if this process has no descriptors left
	 */
	WorkerLink(PeerId worker, HandleSocket socket, int maxConnections, LinkObserver observer) throws IOException {
		socket.allowPolling();
		this.worker = worker;
		this.socket = socket;
		this.maxConnections = (maxConnections > 0) ? maxConnections : Integer.MAX_VALUE;
		this.observer = observer;
		Thread reader = new Thread(this::read, "ipc-link-%s-%d".formatted(worker.pool(), worker.slot()));
		reader.setDaemon(true);
		reader.start();
	}

	@Override
	public int slot() {
		return this.worker.slot();
	}

	/** Return the number of connections the worker has, as far as the parent knows. */
	@Override
	public int outstanding() {
		return (int) Math.min(Integer.MAX_VALUE, (long) this.open + this.count);
	}

	boolean isOpen() {
		return !this.closed;
	}

	boolean hasRoom() {
		return !this.closed && this.count < WINDOW && !isFull();
	}

	/** Whether the worker has as many connections as it may have. */
	boolean isFull() {
		return outstanding() >= this.maxConnections;
	}

	/** Whether the worker has taken none of its waiting connections for too long. */
	boolean isStalled() {
		return this.count > 0 && System.nanoTime() - this.lastTaken > PATIENCE.toNanos();
	}

	boolean isIdle() {
		return this.count == 0;
	}

	/**
	 * Send a connection, unless the worker has gone or has no room. What the worker
	 * reports as taken does not count as room: sending must not block the current thread.
	 * One thread sends at a time, as reports come in the order in which connections were
	 * sent.
	 * @return whether the connection is on its way
	 * @throws IOException if this process lacks the resources to send the connection,
	 * which stays the caller's then
	 */
	synchronized boolean send(Connection connection) throws IOException {
		synchronized (this.underway) {
			if (this.closed || this.underway.size() >= WINDOW || isFull() || !hasRoomInKernel()) {
				return false;
			}
			if (this.underway.isEmpty()) {
				this.lastTaken = System.nanoTime();
			}
			// added before it is sent, as the report may come at once
			this.underway.add(connection);
			this.count = this.underway.size();
		}
		try {
			this.socket.write(SIGNAL, 0, SIGNAL.length, connection.handle());
			return true;
		}
		catch (IOException ex) {
			synchronized (this.underway) {
				// if the link has ended meanwhile, it was handed back already
				if (!this.underway.removeLastOccurrence(connection)) {
					return true;
				}
				this.count = this.underway.size();
			}
			if (!this.socket.canSendHandles()) {
				// this link cannot send any more
				this.failure = ex;
				this.closed = true;
				this.socket.shutdown();
			}
			throw ex;
		}
	}

	private boolean hasRoomInKernel() {
		if (this.socket.hasRoomFor(SIGNAL.length)) {
			return true;
		}
		int unread = this.socket.unread(SIGNAL.length);
		if (unread > this.underway.size()) {
			this.violation = "it reports %d connections as taken that it has not received"
				.formatted(unread - this.underway.size());
			this.closed = true;
			this.socket.shutdown();
		}
		return false;
	}

	private void read() {
		byte[] bytes = new byte[WINDOW * LinkReport.SIZE];
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		String invalid = null;
		try {
			int length;
			while (invalid == null && (length = this.socket.read(bytes, buffer.position(), buffer.remaining())) >= 0) {
				buffer.position(buffer.position() + length).flip();
				while (invalid == null && buffer.remaining() >= LinkReport.SIZE) {
					invalid = received(LinkReport.read(buffer));
				}
				buffer.compact();
			}
		}
		catch (IOException ex) {
			// the worker has gone
		}
		end((invalid != null) ? invalid : this.violation);
	}

	/**
	 * Process a report.
	 * @return what is wrong with it, or {@code null}
	 */
	private @Nullable String received(LinkReport report) {
		if (!report.isValid()) {
			return "it has sent an invalid report of its connections: " + report;
		}
		this.open = report.open();
		if (report.outcome() == LinkReport.LOAD) {
			this.observer.hasRoom();
			return null;
		}
		Connection oldest;
		synchronized (this.underway) {
			oldest = this.underway.poll();
			this.lastTaken = System.nanoTime();
			this.count = this.underway.size();
		}
		if (oldest == null) {
			return "it reports a connection that was not sent to it";
		}
		if (report.outcome() == LinkReport.TAKEN) {
			oldest.handle().close();
		}
		else {
			this.observer.handedBack(this, List.of(oldest));
		}
		this.observer.hasRoom();
		return null;
	}

	private void end(@Nullable String problem) {
		List<Connection> left;
		synchronized (this.underway) {
			this.closed = true;
			left = List.copyOf(this.underway);
			this.underway.clear();
			this.count = 0;
		}
		closeSocket();
		this.observer.ended(this, problem);
		IOException broken = this.failure;
		if (broken != null && problem == null) {
			this.observer.broken(broken);
		}
		this.observer.handedBack(this, left);
	}

	/**
	 * Close the socket while no thread sends, as its descriptor's number may stand for
	 * another socket at once.
	 */
	private synchronized void closeSocket() {
		Descriptors.closeQuietly(this.socket);
	}

	/**
	 * Called on the thread of a link.
	 */
	interface LinkObserver {

		/**
		 * The worker has not taken these connections, and no process has read from them.
		 */
		void handedBack(WorkerLink link, List<Connection> connections);

		/** The worker has taken a connection, or connections have ended. */
		void hasRoom();

		/**
		 * The link has ended.
		 * @param violation what the worker has done wrong, or {@code null}
		 */
		void ended(WorkerLink link, @Nullable String violation);

		/** The link has ended because this process could not send a connection. */
		void broken(IOException cause);

	}

}
