package io.ipcboot.server;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.ipcboot.pool.Worker;
import io.ipcboot.pool.WorkerState;

/**
 * The workers that accept connections, and where. Tells an observer of each change once,
 * and of the end after the beginning. Safe for use by several threads.
 */
final class JoinedWorkers {

	/** Guarded by this. */
	private final Map<Worker, Set<InetSocketAddress>> addresses = new HashMap<>();

	private final PortObserver observer;

	JoinedWorkers(PortObserver observer) {
		this.observer = observer;
	}

	/** Ignored if the worker has left: what it reports may come late. */
	synchronized void add(Worker worker, InetSocketAddress address) {
		if (worker.state() == WorkerState.READY
				&& this.addresses.computeIfAbsent(worker, (key) -> new LinkedHashSet<>()).add(address)) {
			this.observer.joined(worker, address);
		}
	}

	synchronized void remove(Worker worker) {
		Set<InetSocketAddress> known = this.addresses.remove(worker);
		if (known != null) {
			known.forEach((address) -> this.observer.left(worker, address));
		}
	}

}
