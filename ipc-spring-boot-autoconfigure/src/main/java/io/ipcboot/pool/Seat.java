package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A member that takes messages, and the messages that it has. Guarded by the lock of its
 * {@link Traffic}, but for what never changes and for the counters.
 */
final class Seat implements Balancer.Candidate {

	private final Member member;

	private volatile int slot;

	/** The first of a list. */
	private @Nullable Place latest;

	private int outstanding;

	/** Calls of listeners with a concurrency of their own, by destination. */
	private final Map<String, Integer> separateCalls = new HashMap<>();

	private int sharedCalls;

	/** Whether somebody waits until the member has read what it was sent. */
	private boolean watched;

	/** Whether a listener holds up the others, as far as is known. */
	private volatile boolean stalled;

	private volatile long served;

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

	void add(Exchange exchange) {
		Place place = new Place(exchange, this);
		place.next = this.latest;
		if (this.latest != null) {
			this.latest.previous = place;
		}
		this.latest = place;
		this.outstanding++;
		exchange.attach(place);
		count(exchange, 1);
	}

	void remove(Place place) {
		if (place.next != null) {
			place.next.previous = place.previous;
		}
		if (place.previous != null) {
			place.previous.next = place.next;
		}
		else {
			this.latest = place.next;
		}
		this.outstanding--;
		place.exchange.attach(null);
		count(place.exchange, -1);
	}

	void countServed() {
		this.stalled = false;
		this.served++;
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
	int room(Exchange call, PoolSettings settings) {
		int separate = this.member.concurrencyOf(call.destination());
		return settings.prefetch() + ((separate > 0) ? separate - this.separateCalls.getOrDefault(call.destination(), 0)
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

	void stall(boolean nowStalled) {
		this.stalled = nowStalled;
	}

	boolean isStalled() {
		return this.stalled;
	}

	List<Exchange> exchanges() {
		List<Exchange> exchanges = new ArrayList<>(this.outstanding);
		for (Place place = this.latest; place != null; place = place.next) {
			exchanges.add(place.exchange);
		}
		return exchanges;
	}

	/** How many messages and calls it has had and is done with. */
	long served() {
		return this.served;
	}

	@Override
	public int slot() {
		return this.slot;
	}

	@Override
	public int outstanding() {
		return this.outstanding;
	}

}
