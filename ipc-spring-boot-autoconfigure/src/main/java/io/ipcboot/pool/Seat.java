package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A member that takes messages, and the messages that it has. Guarded by the lock of its
 * {@link Traffic}, but for what never changes, the counters, and
 * {@link #addDirectly(Exchange)}.
 */
final class Seat implements Balancer.Candidate {

	private final Member member;

	private volatile int slot;

	/** The first of a list. */
	private @Nullable Place latest;

	/** How many messages and calls it has had; counted by those who send. */
	private final AtomicInteger placed = new AtomicInteger();

	/** How many of them have left; written with the lock held. */
	private final AtomicInteger left = new AtomicInteger();

	/** Calls of listeners with a concurrency of their own, by destination. */
	private final Map<String, Integer> separateCalls = new HashMap<>();

	private int sharedCalls;

	/** Whether somebody waits until the member has read what it was sent. */
	private boolean watched;

	/** Whether a listener holds up the others, as far as is known. */
	private volatile boolean stalled;

	private boolean condemned;

	/** Written with the lock held. */
	private final AtomicLong served = new AtomicLong();

	Seat(Member member, int slot) {
		this.member = member;
		this.slot = slot;
	}

	Member member() {
		return this.member;
	}

	void assign(int newSlot) {
		this.slot = newSlot;
		this.member.assign(newSlot);
	}

	/**
	 * Return which seat has a message. It is attached to the message, so that nothing has
	 * to be looked up.
	 */
	static @Nullable Seat of(Exchange exchange) {
		Object attachment = exchange.attachment();
		return (attachment instanceof Place place) ? place.seat : (Seat) attachment;
	}

	void add(Exchange exchange) {
		if (isPlain(exchange)) {
			addDirectly(exchange);
			return;
		}
		this.placed.incrementAndGet();
		Place place = new Place(exchange, this);
		enlist(place);
		exchange.attach(place);
		count(exchange, 1);
	}

	/** Whether a message only counts. */
	static boolean isPlain(Exchange exchange) {
		return !exchange.isCall() && !exchange.hasHandle();
	}

	/**
	 * Add a message that only counts. Needs no lock.
	 */
	void addDirectly(Exchange exchange) {
		exchange.attach(this);
		this.placed.incrementAndGet();
	}

	void remove(Exchange exchange) {
		this.left.setRelease(this.left.getPlain() + 1);
		if (exchange.attachment() instanceof Place place) {
			delist(place);
			count(exchange, -1);
		}
		exchange.attach(null);
	}

	private void enlist(Place place) {
		place.next = this.latest;
		if (this.latest != null) {
			this.latest.previous = place;
		}
		this.latest = place;
	}

	private void delist(Place place) {
		if (place.next != null) {
			place.next.previous = place.previous;
		}
		if (place.previous != null) {
			place.previous.next = place.next;
		}
		else {
			this.latest = place.next;
		}
	}

	void countServed() {
		if (this.stalled) {
			// only then, as the write is dear and this is done for every message
			this.stalled = false;
		}
		this.served.setRelease(this.served.getPlain() + 1);
	}

	private void count(Exchange exchange, int change) {
		if (exchange.isCall() && this.member.concurrencyOf(exchange.destination()) > 0) {
			this.separateCalls.merge(exchange.destination(), change, Integer::sum);
		}
		else if (exchange.isCall()) {
			this.sharedCalls += change;
		}
	}

	/**
	 * How many more calls like this one the member may have.
	 */
	long room(Exchange call, PoolSettings settings) {
		int separate = this.member.concurrencyOf(call.destination());
		return (long) settings.prefetch()
				+ ((separate > 0) ? separate - this.separateCalls.getOrDefault(call.destination(), 0)
						: settings.concurrency() - this.sharedCalls);
	}

	/** Returns {@code false} if somebody watches it already. */
	boolean watch() {
		boolean first = !this.watched;
		this.watched = true;
		return first;
	}

	void unwatch() {
		this.watched = false;
	}

	/**
	 * The member is going to be killed, which takes a moment. Used by the supervisor's
	 * loop only.
	 * @return {@code false} if it is already
	 */
	boolean condemn() {
		boolean first = !this.condemned;
		this.condemned = true;
		return first;
	}

	boolean isCondemned() {
		return this.condemned;
	}

	void stall(boolean nowStalled) {
		this.stalled = nowStalled;
	}

	boolean isStalled() {
		return this.stalled;
	}

	/** Return the calls and handles that it has; other messages only count. */
	List<Exchange> exchanges() {
		List<Exchange> exchanges = new ArrayList<>();
		for (Place place = this.latest; place != null; place = place.next) {
			exchanges.add(place.exchange);
		}
		return exchanges;
	}

	/** How many messages and calls it has had and is done with. */
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

}
