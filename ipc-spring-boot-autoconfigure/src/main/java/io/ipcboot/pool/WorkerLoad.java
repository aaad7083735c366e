package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.messaging.CallChain;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Peer;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The load of one worker: its calls and handles, and the number of its one-way messages.
 * Guarded by the lock of its {@link PoolRouter}, except for what never changes, the
 * counters, and {@link #addDirectly(Exchange)}.
 */
final class WorkerLoad implements Balancer.Candidate {

	private final PooledWorker worker;

	private volatile int slot;

	/** The call or handle that came last: the head of the list. */
	private @Nullable Entry latest;

	/** The call or handle that has been here longest: the end of the list. */
	private @Nullable Entry earliest;

	/** How many messages and calls were placed here; counted by the sending threads. */
	private final AtomicInteger placed = new AtomicInteger();

	/**
	 * How many of the placed messages and calls left again; written with the lock held.
	 */
	private final AtomicInteger left = new AtomicInteger();

	/** Calls of listeners with a concurrency of their own, by destination. */
	private final Map<String, Integer> separateCalls = new HashMap<>();

	private int sharedCalls;

	/** Whether the forwarder waits until the worker has read what it was sent. */
	private boolean watched;

	/** Whether a listener is known to hold up the others. */
	private volatile boolean stalled;

	/**
	 * Whether nothing may be placed here yet, because it would overtake what the earlier
	 * worker of the slot hands back.
	 */
	private volatile boolean held;

	/** How many messages and calls are done; written with the lock held. */
	private final AtomicLong served = new AtomicLong();

	WorkerLoad(PooledWorker worker, int slot) {
		this.worker = worker;
		this.slot = slot;
	}

	PooledWorker worker() {
		return this.worker;
	}

	void assign(int newSlot) {
		this.slot = newSlot;
		this.worker.assign(newSlot);
	}

	/**
	 * Return the load of the worker that has a message. The message carries it, so that
	 * nothing has to be looked up.
	 */
	static @Nullable WorkerLoad of(Exchange exchange) {
		Object attachment = exchange.attachment();
		return (attachment instanceof Entry entry) ? entry.load : (WorkerLoad) attachment;
	}

	void add(Exchange exchange) {
		if (isPlain(exchange)) {
			addDirectly(exchange);
			return;
		}
		this.placed.incrementAndGet();
		Entry entry = new Entry(exchange, this);
		enlist(entry);
		exchange.attach(entry);
		count(exchange, 1);
	}

	/** Return whether a message only counts. */
	static boolean isPlain(Exchange exchange) {
		return !exchange.isCall() && !exchange.hasHandle();
	}

	/**
	 * Add a message that only counts. Does not need the lock.
	 */
	void addDirectly(Exchange exchange) {
		exchange.attach(this);
		this.placed.incrementAndGet();
	}

	void remove(Exchange exchange) {
		this.left.setRelease(this.left.getPlain() + 1);
		if (exchange.attachment() instanceof Entry entry) {
			delist(entry);
			count(exchange, -1);
		}
		exchange.attach(null);
	}

	private void enlist(Entry entry) {
		entry.next = this.latest;
		if (this.latest != null) {
			this.latest.previous = entry;
		}
		else {
			this.earliest = entry;
		}
		this.latest = entry;
	}

	private void delist(Entry entry) {
		if (entry.next != null) {
			entry.next.previous = entry.previous;
		}
		else {
			this.earliest = entry.previous;
		}
		if (entry.previous != null) {
			entry.previous.next = entry.next;
		}
		else {
			this.latest = entry.next;
		}
	}

	void countServed() {
		if (this.stalled) {
			// a write for every message would be expensive
			this.stalled = false;
		}
		this.served.setRelease(this.served.getPlain() + 1);
	}

	private void count(Exchange exchange, int change) {
		if (exchange.isCall() && this.worker.concurrencyOf(exchange.destination()) > 0) {
			this.separateCalls.merge(exchange.destination(), change, Integer::sum);
		}
		else if (exchange.isCall()) {
			this.sharedCalls += change;
		}
	}

	/**
	 * Return how many more calls like this one the worker may have.
	 */
	long room(Exchange call, PoolSettings settings) {
		int separate = this.worker.concurrencyOf(call.destination());
		return (long) settings.prefetch()
				+ ((separate > 0) ? separate - this.separateCalls.getOrDefault(call.destination(), 0)
						: settings.concurrency() - this.sharedCalls);
	}

	/**
	 * Return whether the worker cannot start a call before a listener has returned that
	 * waits for the call.
	 */
	boolean isBlockedBy(CallChain chain, Exchange call, PoolSettings settings) {
		return chain.blocks(this.worker.id(), call.destination(), this.worker::concurrencyOf, settings.concurrency());
	}

	/**
	 * Note that the forwarder waits until the worker reads.
	 * @return {@code false} if the forwarder was already waiting
	 */
	boolean watch() {
		boolean first = !this.watched;
		this.watched = true;
		return first;
	}

	void unwatch() {
		this.watched = false;
	}

	void hold(boolean nowHeld) {
		this.held = nowHeld;
	}

	boolean isHeld() {
		return this.held;
	}

	/** Return whether the worker may still hand back a message. */
	boolean hasUnstarted() {
		List<Exchange> listed = exchanges();
		return outstanding() > listed.size() || !listed.stream().allMatch(Exchange::isStarted);
	}

	void stall(boolean nowStalled) {
		this.stalled = nowStalled;
	}

	boolean isStalled() {
		return this.stalled;
	}

	/** Return the worker's calls and handles; other messages only count. */
	List<Exchange> exchanges() {
		List<Exchange> exchanges = new ArrayList<>();
		for (Entry entry = this.latest; entry != null; entry = entry.next) {
			exchanges.add(entry.exchange);
		}
		return exchanges;
	}

	/**
	 * Describe what the worker has, what it has had longest first.
	 * @param message the one-way message that one of its listeners has
	 */
	List<PoolSnapshot.Work> work(Peer.@Nullable StartedMessage message) {
		List<PoolSnapshot.Work> work = new ArrayList<>();
		long now = System.nanoTime();
		if (message != null) {
			work.add(new PoolSnapshot.Work(message.destination(), false, Duration.ofNanos(now - message.since())));
		}
		for (Entry entry = this.earliest; entry != null
				&& work.size() < SlotSnapshot.MAX_WORK; entry = entry.previous) {
			work.add(new PoolSnapshot.Work(entry.exchange.destination(), entry.exchange.isCall(),
					Duration.ofNanos(now - entry.since)));
		}
		return work;
	}

	/** Return how many messages and calls the worker is done with. */
	long served() {
		return this.served.get();
	}

	@Override
	public int slot() {
		return this.slot;
	}

	@Override
	public int outstanding() {
		// in this order, or more could seem to have left than were placed
		int gone = this.left.get();
		return this.placed.get() - gone;
	}

	/**
	 * A call or a handle at a worker, in the list of all that the worker has.
	 */
	private static final class Entry {

		private final Exchange exchange;

		private final WorkerLoad load;

		private final long since = System.nanoTime();

		private @Nullable Entry previous;

		private @Nullable Entry next;

		Entry(Exchange exchange, WorkerLoad load) {
			this.exchange = exchange;
			this.load = load;
		}

	}

}
