package io.ipcboot.server;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How a process leaves without a failed request: it accepts no more connections, tells
 * the open ones with their next response that it is their last one, and gives them some
 * time to ask for it. What is then left is for the server's own graceful shutdown.
 */
public final class ServerDeparture {

	private static final long CHECK_INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

	private final List<ServerListener> listeners = new CopyOnWriteArrayList<>();

	private volatile boolean leaving;

	private volatile long since;

	void add(ServerListener listener) {
		this.listeners.add(listener);
	}

	/**
	 * Whether responses should end their connection.
	 * @return {@code true} once this process leaves
	 */
	public boolean isLeaving() {
		return this.leaving;
	}

	/**
	 * Accept no more connections, and let the open ones know. Does nothing if that is
	 * done.
	 */
	public synchronized void begin() {
		if (this.leaving) {
			return;
		}
		this.since = System.nanoTime();
		this.leaving = true;
		this.listeners.forEach(ServerListener::leave);
		this.listeners.stream()
			.map(ServerListener::served)
			.filter(Objects::nonNull)
			.forEach(ServedConnections::leaving);
	}

	/**
	 * Leave. Blocks until all connections have ended, or the time is over.
	 * @param patience how long connections may stay, from the beginning on
	 * @return how many connections are still open
	 */
	public int leave(Duration patience) {
		begin();
		while (!isOver(patience)) {
			LockSupport.parkNanos(CHECK_INTERVAL);
		}
		return openConnections();
	}

	/**
	 * Whether all connections have ended, or the time is over.
	 * @param patience how long connections may stay, from the beginning on
	 * @return {@code false} also as long as nobody has begun
	 */
	public boolean isOver(Duration patience) {
		return this.leaving && (openConnections() == 0 || System.nanoTime() - this.since >= patience.toNanos());
	}

	/**
	 * Come back after {@link #leave}.
	 */
	public void cancel() {
		this.leaving = false;
	}

	private int openConnections() {
		return this.listeners.stream()
			.map(ServerListener::served)
			.filter(Objects::nonNull)
			.mapToInt(ServedConnections::count)
			.sum();
	}

}
