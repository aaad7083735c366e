package io.ipcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.ipcboot.channel.Background;
import io.ipcboot.handle.HandleAcceptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Accepts on a listener and hands each connection to one worker. As long as no worker can
 * take one, connections wait in the kernel's queue.
 */
final class ConnectionDispatcher {

	private static final Log logger = LogFactory.getLog(ConnectionDispatcher.class);

	/**
	 * Connections that were accepted and that nobody can take; each costs a descriptor.
	 */
	private static final int MAX_WAITING = ConnectionLine.WINDOW;

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

	private static final Duration RECHECK_INTERVAL = Duration.ofMillis(50);

	/** Those that get connections. */
	private final List<ConnectionLine> lines = new CopyOnWriteArrayList<>();

	/** Those that may have connections underway. */
	private final Set<ConnectionLine> open = ConcurrentHashMap.newKeySet();

	/** Guarded by itself, which is also notified of whatever lets one go. */
	private final Deque<Connection> waiting = new ArrayDeque<>();

	private final AtomicBoolean rechecking = new AtomicBoolean();

	private final HandleAcceptor acceptor;

	private final boolean sticky;

	private final Thread thread;

	private int turn;

	/** Whether somebody waits for room. */
	private volatile boolean congested;

	private volatile boolean closed;

	private boolean finished;

	ConnectionDispatcher(BoundListener listener, boolean sticky) throws IOException {
		this.acceptor = HandleAcceptor.on(listener.handle());
		this.sticky = sticky;
		this.thread = new Thread(() -> AcceptLoop.run(this::acceptNext, logger),
				"ipc-accept-" + listener.address().getPort());
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/** From now on, the worker gets connections. */
	void add(ConnectionLine line) {
		this.open.add(line);
		this.lines.add(line);
		if (!line.isOpen()) {
			// its worker has gone before it was added
			ended(line);
		}
		proceed();
	}

	/** From now on, the worker gets no more connections. */
	void remove(ConnectionLine line) {
		this.lines.remove(line);
		hasRoom();
	}

	/** The worker has gone. */
	void ended(ConnectionLine line) {
		this.lines.remove(line);
		this.open.remove(line);
		hasRoom();
	}

	/** A worker has taken a connection, or another one may now be chosen. */
	void hasRoom() {
		if (this.congested) {
			proceed();
		}
	}

	/** These go to other workers, or again to the same one if there is no other. */
	void redeliver(ConnectionLine line, List<Connection> connections) {
		if (connections.isEmpty()) {
			return;
		}
		synchronized (this.waiting) {
			for (Connection connection : connections) {
				if (this.finished) {
					connection.handle().close();
				}
				else if (!send(connection, line)) {
					this.waiting.add(connection);
				}
			}
			proceedLater();
		}
	}

	/**
	 * Hand over what is in the queue, and stop.
	 */
	void close() {
		this.closed = true;
		this.acceptor.close();
		proceed();
		try {
			this.thread.join(CLOSE_LIMIT.toMillis());
			awaitTaken();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		synchronized (this.waiting) {
			this.waiting.forEach((unwanted) -> unwanted.handle().close());
			this.waiting.clear();
			this.finished = true;
		}
	}

	private void awaitTaken() throws InterruptedException {
		long end = System.nanoTime() + CLOSE_LIMIT.toNanos();
		synchronized (this.waiting) {
			this.congested = true;
			long left = CLOSE_LIMIT.toNanos();
			while (left > 0 && !(this.waiting.isEmpty() && this.open.stream().allMatch(ConnectionLine::isIdle))) {
				TimeUnit.NANOSECONDS.timedWait(this.waiting, left);
				left = end - System.nanoTime();
			}
		}
	}

	private boolean acceptNext() throws IOException {
		awaitRoom();
		HandleAcceptor.Accepted accepted = this.acceptor.accept();
		if (accepted != null) {
			handOver(new Connection(accepted.handle(), this.sticky ? accepted.client().hashCode() : 0));
		}
		return accepted != null;
	}

	private void awaitRoom() {
		if (!this.congested && hasTaker()) {
			return;
		}
		synchronized (this.waiting) {
			this.congested = true;
			while (!this.closed && (this.waiting.size() >= MAX_WAITING || !hasTaker())) {
				try {
					this.waiting.wait();
				}
				catch (InterruptedException ex) {
					// only close() ends this thread
				}
			}
			this.congested = !this.waiting.isEmpty();
		}
	}

	private boolean hasTaker() {
		for (ConnectionLine line : this.lines) {
			if (line.hasRoom()) {
				return true;
			}
		}
		return false;
	}

	private void handOver(Connection connection) {
		if (send(connection, null)) {
			return;
		}
		synchronized (this.waiting) {
			this.waiting.add(connection);
			this.congested = true;
			// there may be room since it was asked for
			proceed();
		}
	}

	/** Send what waits, as far as somebody can take it. */
	private void proceed() {
		synchronized (this.waiting) {
			for (Iterator<Connection> all = this.waiting.iterator(); all.hasNext();) {
				if (send(all.next(), null)) {
					all.remove();
				}
			}
			this.waiting.notifyAll();
			if (this.sticky && !this.waiting.isEmpty() && this.rechecking.compareAndSet(false, true)) {
				// the worker that they wait for may hang
				Background.schedule(this::recheck, ConnectionLine.PATIENCE.dividedBy(2));
			}
		}
	}

	private void recheck() {
		this.rechecking.set(false);
		proceed();
	}

	private void proceedLater() {
		if (!this.waiting.isEmpty()) {
			this.congested = true;
			Background.schedule(this::proceed, RECHECK_INTERVAL);
		}
	}

	private boolean send(Connection connection, @Nullable ConnectionLine except) {
		try {
			ConnectionLine line;
			while ((line = choose(connection, except)) != null) {
				if (line.send(connection)) {
					return true;
				}
				if (line.isOpen()) {
					// it has no room
					return false;
				}
			}
			return false;
		}
		catch (IOException ex) {
			logger.debug("A connection could not be handed over, and is tried again", ex);
			Background.schedule(this::proceed, RECHECK_INTERVAL);
			return false;
		}
	}

	private @Nullable ConnectionLine choose(Connection connection, @Nullable ConnectionLine except) {
		ConnectionLine[] candidates = this.lines.stream()
			.filter((line) -> line != except && line.isOpen())
			.toArray(ConnectionLine[]::new);
		return this.sticky ? sticky(candidates, connection.client()) : leastLoaded(candidates);
	}

	/** If the client's worker hangs, it has another one until that one takes some. */
	private static @Nullable ConnectionLine sticky(ConnectionLine[] candidates, int client) {
		ConnectionLine other = preferred(
				Stream.of(candidates).filter((line) -> !line.isStalled()).toArray(ConnectionLine[]::new), client);
		return (other != null) ? other : preferred(candidates, client);
	}

	/** The others keep their clients when a worker comes or goes. */
	private static @Nullable ConnectionLine preferred(ConnectionLine[] candidates, int client) {
		ConnectionLine best = null;
		long bestWeight = Long.MIN_VALUE;
		for (ConnectionLine candidate : candidates) {
			long weight = mix(client * 31L + candidate.worker().slot());
			if (best == null || weight > bestWeight) {
				best = candidate;
				bestWeight = weight;
			}
		}
		return best;
	}

	/** The finalizer of SplitMix64: similar numbers become very different ones. */
	private static long mix(long value) {
		long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

	private synchronized @Nullable ConnectionLine leastLoaded(ConnectionLine[] candidates) {
		ConnectionLine best = null;
		long bestLoad = Long.MAX_VALUE;
		int first = this.turn++;
		for (int i = 0; i < candidates.length; i++) {
			ConnectionLine candidate = candidates[Math.floorMod(first + i, candidates.length)];
			long load = candidate.load();
			if (load < bestLoad && candidate.hasRoom()) {
				best = candidate;
				bestLoad = load;
			}
		}
		return best;
	}

}
