package io.ipcboot.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.ipcboot.messaging.CallChain;
import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool that take messages, and which worker has which message. A message
 * keeps its place when its worker is closed. Guarded by the lock of its
 * {@link PoolRouter}, unless a method states otherwise.
 */
final class ReadyWorkers {

	private volatile List<WorkerLoad> open = List.of();

	/** The workers that messages are placed at without the lock. */
	private volatile List<WorkerLoad> direct = List.of();

	/** The closed workers that may still have messages. */
	private final List<WorkerLoad> closed = new ArrayList<>();

	private final Balancer balancer;

	/** The only balancer that needs neither a memory nor a lock. */
	private final Balancer directBalancer = Balancer.of(Balancing.LEAST_OUTSTANDING);

	private final PoolSettings settings;

	/** How many workers the pool is to have. */
	private int expected;

	private final Consumer<Exchange> misplaced;

	/**
	 * @param misplaced told, without the lock, of a message that was placed at a worker
	 * which was closed meanwhile
	 */
	ReadyWorkers(PoolSettings settings, Consumer<Exchange> misplaced) {
		this.balancer = Balancer.of(settings.balancing());
		this.settings = settings;
		this.misplaced = misplaced;
	}

	void expect(int workers) {
		this.expected = workers;
	}

	void open(WorkerLoad load) {
		this.open = Stream.concat(this.open.stream(), Stream.of(load))
			.sorted(Comparator.comparingInt(WorkerLoad::slot))
			.toList();
	}

	void close(WorkerLoad load) {
		this.open = this.open.stream().filter((other) -> other != load).toList();
		this.closed.removeIf((other) -> other == load || other.outstanding() == 0);
		this.closed.add(load);
	}

	/**
	 * Set whether messages may be placed without the lock. After this method returns,
	 * messages are only placed at open workers, and are counted there.
	 * @param allowed {@code false} if a new message could overtake one that waits
	 */
	void allowDirect(boolean allowed) {
		List<WorkerLoad> offered = allowed ? this.open : List.of();
		if (this.direct != offered) {
			this.direct = offered;
		}
	}

	/** Return how many workers are open. May be called without the lock. */
	int size() {
		return this.open.size();
	}

	/** Return whether a one-way message would be sent at once. */
	boolean isWritable() {
		return this.open.stream().anyMatch((load) -> load.worker().isWritable());
	}

	/** Return whether no worker has a message. */
	boolean isIdle() {
		return Stream.concat(this.open.stream(), this.closed.stream()).allMatch((load) -> load.outstanding() == 0);
	}

	/**
	 * Place a one-way message without the lock, so that a stream of messages does not
	 * contend for it with the reports about them.
	 * @return the worker, or {@code null} if it takes the lock to find one
	 */
	@Nullable WorkerLoad placeDirectly(Exchange exchange) {
		List<WorkerLoad> current = this.direct;
		if (current.isEmpty() || !WorkerLoad.isPlain(exchange) || !needsNoMemory(exchange)) {
			return null;
		}
		WorkerLoad load = this.directBalancer.choose(current,
				(candidate) -> candidate.worker().isWritable() && !candidate.isHeld(), null);
		if (load == null) {
			return null;
		}
		load.addDirectly(exchange);
		if (this.direct != current) {
			// either this thread sees here that the worker was closed, or the thread that
			// closed the worker sees the message
			this.misplaced.accept(exchange);
			return null;
		}
		return load;
	}

	private boolean needsNoMemory(Exchange exchange) {
		return switch (this.settings.balancing()) {
			case LEAST_OUTSTANDING -> true;
			case ROUND_ROBIN -> false;
			case BY_KEY -> exchange.key() == null;
		};
	}

	/**
	 * Find a worker for a new message, whose sender may be held up: for a call a worker
	 * that has room, for a one-way message preferably one that keeps up.
	 */
	@Nullable WorkerLoad placeNew(Exchange exchange) {
		WorkerLoad load = place(exchange);
		return (load != null || exchange.isCall()) ? load : place(exchange, (candidate) -> !candidate.isHeld());
	}

	/**
	 * Find a worker that keeps up and, for a call, has room.
	 */
	@Nullable WorkerLoad place(Exchange exchange) {
		CallChain chain = exchange.chain();
		Predicate<WorkerLoad> free = (candidate) -> !candidate.isHeld() && candidate.worker().isWritable()
				&& (!exchange.isCall() || candidate.room(exchange, this.settings) > 0)
				&& (chain == null || !candidate.isBlockedBy(chain, exchange, this.settings));
		WorkerLoad quick = exchange.hasHandle() ? place(exchange, free.and((candidate) -> !candidate.isStalled()))
				: null;
		return (quick != null) ? quick : place(exchange, free);
	}

	private @Nullable WorkerLoad place(Exchange exchange, Predicate<WorkerLoad> condition) {
		WorkerLoad load = this.balancer.choose(this.open, condition, exchange.key());
		if (load != null) {
			load.add(exchange);
		}
		return load;
	}

	/**
	 * Return whether a call would wait for itself: the listeners that wait for the call
	 * block each worker that may get it, and no other worker is expected.
	 */
	boolean isDeadlock(Exchange call, CallChain chain) {
		if (this.open.isEmpty() || this.open.size() < this.expected) {
			return false;
		}
		Balancer chooser = (this.settings.balancing() == Balancing.BY_KEY) ? this.balancer : this.directBalancer;
		return chooser.choose(this.open, (candidate) -> !candidate.isBlockedBy(chain, call, this.settings),
				call.key()) == null;
	}

	/**
	 * Return for how many more calls like this one there are places. The place of a
	 * worker does not count for a call whose key belongs to another one.
	 */
	long room(Exchange call) {
		boolean bound = this.settings.balancing() == Balancing.BY_KEY && call.key() != null;
		Stream<WorkerLoad> eligible = bound
				? Stream.ofNullable(this.balancer.choose(this.open, (candidate) -> true, call.key()))
				: this.open.stream();
		return eligible.mapToLong((load) -> Math.max(0, load.room(call, this.settings))).sum();
	}

	/**
	 * Return the workers that do not keep up and are not watched yet. A worker whose
	 * channel has ended never keeps up again, and will be closed.
	 */
	List<WorkerLoad> congested() {
		return this.open.stream()
			.filter((load) -> !load.worker().isWritable() && load.worker().isConnected() && load.watch())
			.toList();
	}

	/**
	 * Free the place of a message that is done.
	 * @return the worker that had it, or {@code null}
	 */
	@Nullable WorkerLoad finish(Exchange exchange) {
		WorkerLoad load = leave(exchange);
		if (load != null) {
			load.countServed();
		}
		return load;
	}

	/**
	 * Free the place of a message.
	 * @return the worker that had it, or {@code null}
	 */
	@Nullable WorkerLoad leave(Exchange exchange) {
		WorkerLoad load = WorkerLoad.of(exchange);
		if (load != null) {
			load.remove(exchange);
		}
		return load;
	}

}
