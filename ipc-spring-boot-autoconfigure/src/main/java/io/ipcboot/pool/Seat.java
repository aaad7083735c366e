package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

import io.ipcboot.messaging.Exchange;

/**
 * A member that takes messages, and the messages that it has. Guarded by the lock of its
 * {@link Traffic}, but for what never changes and for the counters.
 */
final class Seat implements Balancer.Candidate {

	private final Set<Exchange> exchanges = Collections.newSetFromMap(new IdentityHashMap<>());

	private final Member member;

	private volatile int slot;

	private volatile int calls;

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
		this.exchanges.add(exchange);
		this.calls += exchange.isCall() ? 1 : 0;
	}

	void remove(Exchange exchange) {
		if (this.exchanges.remove(exchange)) {
			this.calls -= exchange.isCall() ? 1 : 0;
		}
	}

	void countServed() {
		this.served++;
	}

	List<Exchange> exchanges() {
		return new ArrayList<>(this.exchanges);
	}

	/** How many calls it has. */
	int calls() {
		return this.calls;
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
		return this.exchanges.size();
	}

}
