package io.ipcboot.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The parent's server sockets. Each is bound once, for the parent's own connector or for
 * the first worker that asks, and stays bound until {@link #close()}. Safe for use by
 * several threads.
 */
public final class ParentSockets implements SharedAcceptors {

	/** Keeps a worker that asks for sockets from using up ports and descriptors. */
	private static final int MAX_CONNECTORS = 16;

	private final List<SharedAcceptor> own = new ArrayList<>();

	private final Map<Integer, BoundSocket> bound = new TreeMap<>();

	private final ServerDeparture departure;

	private final boolean accepting;

	private Consumer<BoundSocket> observer = (socket) -> {
	};

	/**
	 * Create the parent's side.
	 * @param departure gets the acceptors of the parent's connectors
	 * @param accepting whether the parent accepts connections too
	 */
	public ParentSockets(ServerDeparture departure, boolean accepting) {
		this.departure = departure;
		this.accepting = accepting;
	}

	@Override
	public synchronized SharedAcceptor create(Supplier<InetSocketAddress> address, IntSupplier backlog) {
		SharedAcceptor acceptor = new SharedAcceptor(this.own.size(),
				(created) -> open(created, address.get(), backlog.getAsInt()));
		this.own.add(acceptor);
		this.departure.add(acceptor);
		return acceptor;
	}

	private InetSocketAddress open(SharedAcceptor acceptor, InetSocketAddress address, int backlog) throws IOException {
		BoundSocket opened = bind(acceptor.index(), address, backlog);
		ServerSocketChannel own = opened.channel();
		if (this.accepting && own != null) {
			acceptor.serve(new AcceptingSource(own, null));
		}
		return opened.address();
	}

	/**
	 * Bind the sockets of all connectors of this process.
	 * @throws IOException if an address is in use, for example
	 */
	public void open() throws IOException {
		List<SharedAcceptor> acceptors;
		synchronized (this) {
			acceptors = List.copyOf(this.own);
		}
		for (SharedAcceptor acceptor : acceptors) {
			acceptor.open();
		}
	}

	/**
	 * Let workers accept the connections in the queues before they leave.
	 */
	synchronized void announceEnd() {
		this.bound.values().forEach(BoundSocket::announceEnd);
	}

	/**
	 * Let each socket end with the last process that accepts on it.
	 */
	synchronized void release() {
		this.bound.values().forEach(this.accepting ? BoundSocket::release : BoundSocket::close);
	}

	/**
	 * Close all sockets, so that they can be opened again.
	 */
	public synchronized void close() {
		this.bound.values().forEach(BoundSocket::close);
		this.bound.clear();
		this.own.forEach(SharedAcceptor::reset);
	}

	synchronized BoundSocket bind(int connector, InetSocketAddress address, int backlog) throws IOException {
		BoundSocket known = this.bound.get(connector);
		if (known != null) {
			return known;
		}
		if (connector < 0 || connector >= MAX_CONNECTORS) {
			throw new IllegalArgumentException("There is no connector %d; at most %d are shared with workers"
				.formatted(connector, MAX_CONNECTORS));
		}
		BoundSocket opened = BoundSocket.bind(connector, address, backlog, this.accepting);
		this.bound.put(connector, opened);
		this.observer.accept(opened);
		return opened;
	}

	synchronized List<BoundSocket> bound() {
		return List.copyOf(this.bound.values());
	}

	/** Pass every socket to an observer, now or when it is bound. */
	synchronized void observe(Consumer<BoundSocket> newObserver) {
		this.observer = newObserver;
		this.bound.values().forEach(newObserver);
	}

}
