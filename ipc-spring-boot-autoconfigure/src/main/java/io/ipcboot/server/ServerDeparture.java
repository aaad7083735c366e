package io.ipcboot.server;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.Polling;

/**
 * Lets a process leave without a failed request. It accepts no more connections, ends
 * each open connection with its next response, and gives clients some time to send the
 * request for it. The connections that are then left are up to the server's own graceful
 * shutdown.
 */
public final class ServerDeparture {

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(10);

	private final List<SharedAcceptor> acceptors = new CopyOnWriteArrayList<>();

	private volatile boolean leaving;

	private volatile long since;

	void add(SharedAcceptor acceptor) {
		this.acceptors.add(acceptor);
	}

	/**
	 * Whether responses should end their connection.
	 * @return {@code true} once this process leaves
	 */
	public boolean isLeaving() {
		return this.leaving;
	}

	/**
	 * Accept no more connections, and have the open ones end. Does nothing if the
	 * departure has begun before.
	 */
	public synchronized void begin() {
		if (this.leaving) {
			return;
		}
		this.since = System.nanoTime();
		this.leaving = true;
		this.acceptors.forEach(SharedAcceptor::leave);
		this.acceptors.stream()
			.map(SharedAcceptor::served)
			.filter(Objects::nonNull)
			.forEach(ServedConnections::leaving);
	}

	/**
	 * Leave. Blocks until all connections have ended, or the time is over.
	 * @param patience how long connections may stay after {@link #begin()}
	 * @return how many connections are still open
	 */
	public int leave(Duration patience) {
		begin();
		Polling.await(() -> isOver(patience), CHECK_INTERVAL, patience);
		return openConnections();
	}

	/**
	 * Whether all connections have ended, or the time is over.
	 * @param patience how long connections may stay after {@link #begin()}
	 * @return {@code false} also before the departure has begun
	 */
	public boolean isOver(Duration patience) {
		return this.leaving
				&& (openConnections() == 0 || System.nanoTime() - this.since >= TimeUnit.NANOSECONDS.convert(patience));
	}

	/**
	 * Serve again after {@link #leave}.
	 */
	public void cancel() {
		this.leaving = false;
	}

	private int openConnections() {
		return this.acceptors.stream()
			.map(SharedAcceptor::served)
			.filter(Objects::nonNull)
			.mapToInt(ServedConnections::count)
			.sum();
	}

}
