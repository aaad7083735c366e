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

import io.ipcboot.channel.Background;
import io.ipcboot.handle.HandleAcceptor;
import io.ipcboot.pool.Balancer;
import io.ipcboot.pool.Balancing;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Accepts on a server socket and hands each connection to one worker. As long as no
 * worker has room, connections wait in the kernel's queue.
 */
final class ConnectionDispatcher {

	private static final Log logger = LogFactory.getLog(ConnectionDispatcher.class);

	/**
	 * Connections that were accepted while no worker has room; each costs a descriptor.
	 */
	private static final int MAX_WAITING = WorkerLink.WINDOW;

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

	private static final Duration RECHECK_INTERVAL = Duration.ofMillis(50);

	/** The links that get connections. */
	private final List<WorkerLink> links = new CopyOnWriteArrayList<>();

	/** The links that may have connections underway. */
	private final Set<WorkerLink> open = ConcurrentHashMap.newKeySet();

	/** Guarded by itself, and notified when a waiting connection may be sent. */
	private final Deque<Connection> waiting = new ArrayDeque<>();

	private final AtomicBoolean rechecking = new AtomicBoolean();

	private final HandleAcceptor acceptor;

	private final boolean sticky;

	private final Balancer balancer;

	private final Thread thread;

	/** Whether connections or the accepting thread wait for room. */
	private volatile boolean congested;

	private volatile boolean closed;

	private boolean finished;

	ConnectionDispatcher(BoundSocket socket, boolean sticky) throws IOException {
		this.acceptor = HandleAcceptor.on(socket.handle());
		this.sticky = sticky;
		this.balancer = Balancer.of(sticky ? Balancing.BY_KEY : Balancing.LEAST_OUTSTANDING);
		this.thread = new Thread(() -> AcceptLoop.run(this::acceptNext, logger),
				"ipc-accept-" + socket.address().getPort());
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/** Hand connections to the worker from now on. */
	void add(WorkerLink link) {
		this.open.add(link);
		this.links.add(link);
		if (!link.isOpen()) {
			// the worker has gone before its link was added
			ended(link);
		}
		proceed();
	}

	/** Hand no more connections to the worker. */
	void remove(WorkerLink link) {
		this.links.remove(link);
		hasRoom();
	}

	/** Forget a worker that has gone. */
	void ended(WorkerLink link) {
		this.links.remove(link);
		this.open.remove(link);
		hasRoom();
	}

	/** Send what waits, as a worker may have room. */
	void hasRoom() {
		if (this.congested) {
			proceed();
		}
	}

	/**
	 * Send connections that a worker did not take to other workers, or to the same one
	 * again if there is no other.
	 */
	void requeue(WorkerLink link, List<Connection> connections) {
		if (connections.isEmpty()) {
			return;
		}
		synchronized (this.waiting) {
			for (Connection connection : connections) {
				if (this.finished) {
					connection.handle().close();
				}
				else if (!send(connection, link)) {
					this.waiting.add(connection);
				}
			}
			proceedLater();
		}
	}

	/**
	 * Hand over the connections in the kernel's queue, and stop.
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
			while (left > 0 && !(this.waiting.isEmpty() && this.open.stream().allMatch(WorkerLink::isIdle))) {
				TimeUnit.NANOSECONDS.timedWait(this.waiting, left);
				left = end - System.nanoTime();
			}
		}
	}

	private boolean acceptNext() throws IOException {
		awaitRoom();
		HandleAcceptor.Accepted accepted = this.acceptor.accept();
		if (accepted != null) {
			handOver(new Connection(accepted.handle(), this.sticky ? accepted.client().getHostAddress() : null));
		}
		return accepted != null;
	}

	private void awaitRoom() {
		if (!this.congested && hasRoomInAnyLink()) {
			return;
		}
		synchronized (this.waiting) {
			this.congested = true;
			while (!this.closed && (this.waiting.size() >= MAX_WAITING || !hasRoomInAnyLink())) {
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

	private boolean hasRoomInAnyLink() {
		for (WorkerLink link : this.links) {
			if (link.hasRoom()) {
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
			// a worker may have got room since it was asked
			proceed();
		}
	}

	/** Send what waits, as far as workers have room. */
	private void proceed() {
		synchronized (this.waiting) {
			for (Iterator<Connection> all = this.waiting.iterator(); all.hasNext();) {
				if (send(all.next(), null)) {
					all.remove();
				}
			}
			this.waiting.notifyAll();
			if (this.sticky && !this.waiting.isEmpty() && this.rechecking.compareAndSet(false, true)) {
				// the worker that the connections wait for may hang
				Background.schedule(this::recheck, WorkerLink.PATIENCE.dividedBy(2));
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

	private boolean send(Connection connection, @Nullable WorkerLink except) {
		try {
			WorkerLink link;
			while ((link = choose(connection, except)) != null) {
				if (link.send(connection)) {
					return true;
				}
				if (link.isOpen()) {
					// the worker has no room
					return false;
				}
			}
			return false;
		}
		catch (IOException ex) {
			logger.debug("Cannot hand over a connection; trying again", ex);
			Background.schedule(this::proceed, RECHECK_INTERVAL);
			return false;
		}
	}

	private @Nullable WorkerLink choose(Connection connection, @Nullable WorkerLink except) {
		List<WorkerLink> candidates = this.links.stream().filter((link) -> link != except && link.isOpen()).toList();
		return this.sticky ? sticky(candidates, connection.client())
				: this.balancer.choose(candidates, WorkerLink::hasRoom, null);
	}

	/**
	 * Choose the worker of a client, and another one while that worker hangs or has as
	 * many connections as it may have. If there is no other, the client waits for it. For
	 * mere room on the link, a client always waits, as that does not take long.
	 */
	private @Nullable WorkerLink sticky(List<WorkerLink> candidates, @Nullable String client) {
		List<WorkerLink> serving = candidates.stream().filter((link) -> !link.isStalled() && !link.isFull()).toList();
		return this.balancer.choose(serving.isEmpty() ? candidates : serving, (link) -> true, client);
	}

}
