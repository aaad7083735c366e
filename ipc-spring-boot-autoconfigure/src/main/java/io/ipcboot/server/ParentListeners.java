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
 * The parent's listeners. Each is bound once, for the parent's own connector or for the
 * first worker that asks, and stays bound until {@link #close()}. Safe for use by several
 * threads.
 */
public final class ParentListeners implements ServerListeners {

	/** A worker may ask first, and must not use up ports and descriptors. */
	private static final int MAX_CONNECTORS = 16;

	private final List<ServerListener> own = new ArrayList<>();

	private final Map<Integer, BoundListener> bound = new TreeMap<>();

	private final ServerDeparture departure;

	private final boolean accepting;

	private Consumer<BoundListener> observer = (listener) -> {
	};

	/**
	 * Create the parent's side.
	 * @param departure gets to know the listeners of the parent's connectors
	 * @param accepting whether the parent accepts on the listeners too
	 */
	public ParentListeners(ServerDeparture departure, boolean accepting) {
		this.departure = departure;
		this.accepting = accepting;
	}

	@Override
	public synchronized ServerListener create(Supplier<InetSocketAddress> address, IntSupplier backlog) {
		ServerListener listener = new ServerListener(this.own.size(),
				(created) -> open(created, address.get(), backlog.getAsInt()));
		this.own.add(listener);
		this.departure.add(listener);
		return listener;
	}

	private InetSocketAddress open(ServerListener listener, InetSocketAddress address, int backlog) throws IOException {
		BoundListener opened = bind(listener.index(), address, backlog);
		ServerSocketChannel own = opened.channel();
		if (this.accepting && own != null) {
			listener.serve(new ListenerSource(own, null));
		}
		return opened.address();
	}

	/**
	 * Bind the listeners of all connectors that there are.
	 * @throws IOException if an address is in use, for example
	 */
	public void open() throws IOException {
		List<ServerListener> listeners;
		synchronized (this) {
			listeners = List.copyOf(this.own);
		}
		for (ServerListener listener : listeners) {
			listener.open();
		}
	}

	/**
	 * Let workers accept what is in the queues before they leave.
	 */
	synchronized void announceEnd() {
		this.bound.values().forEach(BoundListener::announceEnd);
	}

	/**
	 * Let all listeners end with the processes that accept on them.
	 */
	synchronized void release() {
		this.bound.values().forEach(this.accepting ? BoundListener::release : BoundListener::close);
	}

	/**
	 * Close everything, so that it can be opened again.
	 */
	public synchronized void close() {
		this.bound.values().forEach(BoundListener::close);
		this.bound.clear();
		this.own.forEach(ServerListener::reset);
	}

	synchronized BoundListener bind(int connector, InetSocketAddress address, int backlog) throws IOException {
		BoundListener known = this.bound.get(connector);
		if (known != null) {
			return known;
		}
		if (connector < 0 || connector >= MAX_CONNECTORS) {
			throw new IllegalArgumentException("There is no connector %d; at most %d are shared with workers"
				.formatted(connector, MAX_CONNECTORS));
		}
		BoundListener opened = BoundListener.bind(connector, address, backlog, this.accepting);
		this.bound.put(connector, opened);
		this.observer.accept(opened);
		return opened;
	}

	synchronized List<BoundListener> bound() {
		return List.copyOf(this.bound.values());
	}

	/** Be told of every listener, now or when it is bound. */
	synchronized void observe(Consumer<BoundListener> newObserver) {
		this.observer = newObserver;
		this.bound.values().forEach(newObserver);
	}

}
