package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for a seat, in the order in which they were submitted. They wait in
 * lanes: all of a lane wait for the same thing, so whoever is first in its lane does not
 * wait for those in others. Not safe for concurrent use.
 */
final class WaitingLine {

	/** Those that are done are looked for once while this part of the line is refused. */
	private static final int LOOKS = 16;

	private final Map<Lane, TreeMap<Long, Exchange>> lanes = new HashMap<>();

	/** The lanes by the positions of their first messages. */
	private final NavigableMap<Long, TreeMap<Long, Exchange>> fronts = new TreeMap<>();

	private final Function<Exchange, Lane> laneOf;

	private final int capacity;

	private final long maxBytes;

	private int size;

	private long bytes;

	private int refusals;

	WaitingLine(int capacity, long maxBytes, Function<Exchange, Lane> laneOf) {
		this.capacity = capacity;
		this.maxBytes = maxBytes;
		this.laneOf = laneOf;
	}

	/** Whether somebody waits in the lane of a message. */
	boolean isBehind(Exchange exchange) {
		return this.size > 0 && this.lanes.containsKey(this.laneOf.apply(exchange));
	}

	/**
	 * Add a new message.
	 * @param places how many messages of its lane need not wait for longer than it takes
	 * to send them
	 * @return {@code false} if there is no room
	 */
	boolean offer(Exchange exchange, long places) {
		if (!hasRoom() && ++this.refusals * LOOKS >= this.size) {
			// not each time, as the line may be long
			this.refusals = 0;
			all().stream().filter(Exchange::isDone).forEach(this::remove);
		}
		TreeMap<Long, Exchange> lane = this.lanes.get(this.laneOf.apply(exchange));
		boolean room = hasRoom() || ((lane != null) ? lane.size() : 0) < places;
		if (room) {
			add(exchange);
		}
		return room;
	}

	private boolean hasRoom() {
		return this.size < this.capacity && this.bytes < this.maxBytes;
	}

	/** Add a message, even if there is no room, at its place. */
	void add(Exchange exchange) {
		TreeMap<Long, Exchange> lane = this.lanes.computeIfAbsent(this.laneOf.apply(exchange),
				(key) -> new TreeMap<>());
		change(lane, () -> lane.put(exchange.position(), exchange));
		this.size++;
		this.bytes += exchange.weight();
	}

	boolean remove(Exchange exchange) {
		Lane key = this.laneOf.apply(exchange);
		TreeMap<Long, Exchange> lane = this.lanes.get(key);
		if (lane == null || lane.get(exchange.position()) != exchange) {
			return false;
		}
		change(lane, () -> lane.remove(exchange.position()));
		if (lane.isEmpty()) {
			this.lanes.remove(key);
		}
		this.size--;
		this.bytes -= exchange.weight();
		return true;
	}

	private void change(TreeMap<Long, Exchange> lane, Runnable change) {
		if (!lane.isEmpty()) {
			this.fronts.remove(lane.firstKey());
		}
		change.run();
		if (!lane.isEmpty()) {
			this.fronts.put(lane.firstKey(), lane);
		}
	}

	/**
	 * Remove and return the first message that somebody takes. Those that are done are
	 * removed too.
	 * @param take whether a message finds a seat
	 * @return the message, or {@code null} if nobody takes any
	 */
	@Nullable Exchange serve(Predicate<Exchange> take) {
		var front = this.fronts.firstEntry();
		while (front != null) {
			Exchange next = front.getValue().firstEntry().getValue();
			boolean done = next.isDone();
			if (done || take.test(next)) {
				remove(next);
			}
			if (!done && !this.fronts.containsKey(front.getKey())) {
				return next;
			}
			front = this.fronts.higherEntry(front.getKey());
		}
		return null;
	}

	/** Return all, those of a lane in order. */
	List<Exchange> all() {
		List<Exchange> all = new ArrayList<>(this.size);
		this.lanes.values().forEach((lane) -> all.addAll(lane.values()));
		return all;
	}

	List<Exchange> clear() {
		List<Exchange> all = all();
		this.lanes.clear();
		this.fronts.clear();
		this.size = 0;
		this.bytes = 0;
		return all;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	int size() {
		return this.size;
	}

	/** How many bytes the messages have, with their headers. */
	long bytes() {
		return this.bytes;
	}

	/**
	 * What messages have in common that wait for each other.
	 *
	 * @param destination where they go, if that matters
	 * @param key what they belong to, if that matters
	 */
	record Lane(@Nullable String destination, @Nullable String key) {

	}

}
