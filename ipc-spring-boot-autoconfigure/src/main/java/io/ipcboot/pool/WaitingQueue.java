package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.pool.SupervisorLoop.Alarm;
import org.jspecify.annotations.Nullable;

/**
 * The waiting messages of a pool: one-way messages, only while no worker is there or
 * reads, and calls until a worker has room. One-way messages go first, so that a call
 * still confirms the messages before it. Both kinds are bounded, and nothing waits for
 * longer than the queue timeout. Guarded by the lock of its {@link PoolRouter}.
 */
final class WaitingQueue {

	/**
	 * The limit of one-way messages; more would only fill the memory while there is no
	 * worker.
	 */
	private static final int MESSAGES = 100_000;

	private static final long MESSAGE_BYTES = 64L * 1024 * 1024;

	private final Lanes messages;

	private final Lanes calls;

	private final Map<Exchange, Alarm> alarms = new HashMap<>();

	/** Since when messages wait, as long as somebody wants to know. */
	private final Map<Exchange, Long> arrivals = new HashMap<>();

	private final Duration timeout;

	private final SupervisorLoop loop;

	private final Consumer<Exchange> timedOut;

	private final BooleanSupplier timed;

	/**
	 * @param settings how many calls may wait and for how long, and whether the key
	 * determines the worker
	 * @param timedOut called without the lock for a message or call that timed out and
	 * may still wait
	 * @param timed returns whether somebody wants to know how long messages wait
	 */
	WaitingQueue(PoolSettings settings, SupervisorLoop loop, Consumer<Exchange> timedOut, BooleanSupplier timed) {
		boolean byKey = settings.balancing() == Balancing.BY_KEY;
		this.messages = new Lanes(MESSAGES, MESSAGE_BYTES, this::left,
				(message) -> new Lane(null, byKey ? message.key() : null));
		// a listener may have a limit of its own
		this.calls = new Lanes(settings.queueCapacity(), Long.MAX_VALUE, this::left,
				(call) -> new Lane(call.destination(), byKey ? call.key() : null));
		this.timeout = settings.queueTimeout();
		this.loop = loop;
		this.timedOut = timedOut;
		this.timed = timed;
	}

	private Lanes lanesFor(Exchange exchange) {
		return exchange.isCall() ? this.calls : this.messages;
	}

	/** Return whether a new message or call would overtake one that waits. */
	boolean isBehind(Exchange exchange) {
		return this.messages.isBehind(exchange) || (exchange.isCall() && this.calls.isBehind(exchange));
	}

	/**
	 * Add a new message or call.
	 * @param places for how many like it workers have room; within that number it only
	 * waits for a moment
	 * @return {@code false} if there is no room
	 */
	boolean offer(Exchange exchange, long places) {
		boolean added = lanesFor(exchange).offer(exchange, places);
		if (added) {
			entered(exchange);
		}
		return added;
	}

	/** Add a message or call that a worker had before, even if there is no room. */
	void requeue(Exchange exchange) {
		lanesFor(exchange).add(exchange);
		entered(exchange);
	}

	boolean remove(Exchange exchange) {
		return lanesFor(exchange).remove(exchange);
	}

	/**
	 * Remove the first message or call that finds a worker.
	 * @param take returns what a message or call finds, or {@code null}
	 * @return what that one has found, or {@code null} if none finds a worker
	 */
	<T> @Nullable T serve(Function<Exchange, @Nullable T> take) {
		T served = this.messages.serve(take);
		return (served != null) ? served
				: this.calls.serve((call) -> this.messages.isBehind(call) ? null : take.apply(call));
	}

	/**
	 * Return how long a message or call has been waiting.
	 * @return the time, or {@code null} if it was not measured
	 */
	@Nullable Duration timeOf(Exchange exchange) {
		Long arrival = this.arrivals.isEmpty() ? null : this.arrivals.get(exchange);
		return (arrival != null) ? Duration.ofNanos(this.loop.nanoTime() - arrival) : null;
	}

	private void entered(Exchange exchange) {
		if (this.timed.getAsBoolean()) {
			this.arrivals.put(exchange, this.loop.nanoTime());
		}
		if (!this.timeout.isZero()) {
			this.alarms.computeIfAbsent(exchange,
					(waiting) -> this.loop.schedule(() -> this.timedOut.accept(waiting), this.timeout));
		}
	}

	private void left(Exchange exchange) {
		if (!this.arrivals.isEmpty()) {
			this.arrivals.remove(exchange);
		}
		Alarm alarm = this.timeout.isZero() ? null : this.alarms.remove(exchange);
		if (alarm != null) {
			alarm.cancel();
		}
	}

	List<Exchange> all() {
		List<Exchange> all = this.messages.all();
		all.addAll(this.calls.all());
		return all;
	}

	List<Exchange> clear() {
		List<Exchange> all = new ArrayList<>(this.messages.clear());
		all.addAll(this.calls.clear());
		return all;
	}

	/** Return how many bytes the one-way messages have, with their headers. */
	long messageBytes() {
		return this.messages.bytes;
	}

	boolean isEmpty() {
		return size() == 0;
	}

	int size() {
		return this.messages.size + this.calls.size;
	}

	/**
	 * Messages or calls in the order in which they were submitted. They wait in lanes:
	 * all of a lane wait for the same thing, so the first of a lane does not wait for
	 * those in other lanes.
	 */
	private static final class Lanes {

		/**
		 * The part of the size after which refusals trigger a search for messages that
		 * are done.
		 */
		private static final int LOOKS = 16;

		private final Map<Lane, TreeMap<Long, Exchange>> lanes = new HashMap<>();

		/** The lanes by the positions of their first messages. */
		private final NavigableMap<Long, TreeMap<Long, Exchange>> fronts = new TreeMap<>();

		private final Consumer<Exchange> removed;

		private final Function<Exchange, Lane> laneOf;

		private final int capacity;

		private final long maxBytes;

		/** How many messages this process passes on for each other process. */
		private final Map<Object, Integer> forwarded = new HashMap<>();

		private int size;

		private long bytes;

		private int refusals;

		/**
		 * @param removed told of each message that waits no more, whatever the reason is
		 */
		Lanes(int capacity, long maxBytes, Consumer<Exchange> removed, Function<Exchange, Lane> laneOf) {
			this.capacity = capacity;
			this.maxBytes = maxBytes;
			this.removed = removed;
			this.laneOf = laneOf;
		}

		/** Return whether another message waits in the lane of a message. */
		boolean isBehind(Exchange exchange) {
			return this.size > 0 && this.lanes.containsKey(this.laneOf.apply(exchange));
		}

		/**
		 * Add a new message.
		 * @param places how many messages of its lane need not wait for longer than it
		 * takes to send them
		 * @return {@code false} if there is no room
		 */
		boolean offer(Exchange exchange, long places) {
			if (!hasRoom() && ++this.refusals * LOOKS >= this.size) {
				// not each time, as the queue may be long
				this.refusals = 0;
				all().stream().filter(Exchange::isDone).forEach(this::remove);
			}
			TreeMap<Long, Exchange> lane = this.lanes.get(this.laneOf.apply(exchange));
			boolean room = (hasRoom() && hasShare(exchange)) || ((lane != null) ? lane.size() : 0) < places;
			if (room) {
				add(exchange);
			}
			return room;
		}

		/** Return whether another process leaves half of the room to others. */
		private boolean hasShare(Exchange exchange) {
			Object sender = exchange.sender();
			return sender == null || this.forwarded.getOrDefault(sender, 0) < (this.capacity + 1) / 2;
		}

		private void countForwarded(Exchange exchange, int change) {
			Object sender = exchange.sender();
			if (sender != null) {
				this.forwarded.merge(sender, change, (old, more) -> (old + more != 0) ? old + more : null);
			}
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
			countForwarded(exchange, 1);
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
			countForwarded(exchange, -1);
			this.removed.accept(exchange);
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
		 * Remove the first message that finds a worker. Messages that are done are
		 * removed too.
		 * @return what the message has found, or {@code null} if none finds a worker
		 */
		<T> @Nullable T serve(Function<Exchange, @Nullable T> take) {
			var front = this.fronts.firstEntry();
			while (front != null) {
				Exchange next = front.getValue().firstEntry().getValue();
				boolean done = next.isDone();
				T found = done ? null : take.apply(next);
				if (done || found != null) {
					remove(next);
				}
				if (found != null) {
					return found;
				}
				front = this.fronts.higherEntry(front.getKey());
			}
			return null;
		}

		/** Return all messages; those of one lane are in order. */
		List<Exchange> all() {
			List<Exchange> all = new ArrayList<>(this.size);
			this.lanes.values().forEach((lane) -> all.addAll(lane.values()));
			return all;
		}

		List<Exchange> clear() {
			List<Exchange> all = all();
			this.lanes.clear();
			this.fronts.clear();
			this.forwarded.clear();
			this.size = 0;
			this.bytes = 0;
			all.forEach(this.removed);
			return all;
		}

	}

	/**
	 * The common properties of messages that wait for each other.
	 *
	 * @param destination their destination, if that matters
	 * @param key their key, if that matters
	 */
	private record Lane(@Nullable String destination, @Nullable String key) {

	}

}
