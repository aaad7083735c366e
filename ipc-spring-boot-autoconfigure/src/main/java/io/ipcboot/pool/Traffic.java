package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeOwner;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a pool, from submission to the end of the work for them: each goes to a
 * seat that has room, or waits in a bounded line. A call keeps its place until the member
 * has really finished with it, even if the caller has given up before. Safe for
 * concurrent use; nothing is called with the lock held.
 */
final class Traffic implements ExchangeOwner {

	private final ReentrantLock lock = new ReentrantLock();

	private final List<Seat> seats = new ArrayList<>();

	private final Map<Exchange, Seat> places = new IdentityHashMap<>();

	private final CompletableFuture<Void> idle = new CompletableFuture<>();

	private final String pool;

	private final PoolSettings settings;

	private final Balancer balancer;

	private final Waiting waiting;

	private final Quarantine quarantine;

	private final Observer observer;

	private boolean accepting = true;

	private boolean pumping;

	private @Nullable String degradation;

	private long refused;

	Traffic(String pool, PoolSettings settings, Quarantine quarantine, Observer observer) {
		this.pool = pool;
		this.settings = settings;
		this.balancer = Balancer.of(settings.balancing());
		this.waiting = new Waiting(settings.queueCapacity(), settings.balancing() == Balancing.BY_KEY);
		this.quarantine = quarantine;
		this.observer = observer;
	}

	/**
	 * Take a message. Returns when it was sent or waits.
	 * @throws IpcException if it is refused
	 */
	void submit(Exchange exchange) {
		refuseQuarantined(exchange);
		Seat seat = locked(() -> {
			refuseIfClosed();
			boolean behind = this.waiting.isBehind(exchange) || (this.pumping && !exchange.isCall());
			Seat found = behind ? null : place(exchange);
			if (found == null && !this.waiting.offer(exchange)) {
				this.refused++;
				throw new PoolSaturatedException(this.pool,
						"its %d workers are busy and %,d messages and calls wait already".formatted(this.seats.size(),
								this.waiting.size()));
			}
			return found;
		});
		if (seat != null) {
			transmit(seat, exchange);
		}
		else {
			limitWaiting(exchange);
		}
	}

	/**
	 * Refuse what {@link #submit} would certainly refuse.
	 */
	void requireOpen() {
		locked(() -> {
			refuseIfClosed();
			return true;
		});
	}

	boolean isWritable() {
		return locked(() -> this.seats.stream().anyMatch((seat) -> seat.member().isWritable()));
	}

	private void refuseQuarantined(Exchange exchange) {
		Quarantine.Entry entry = this.quarantine.check(() -> fingerprint(exchange));
		if (entry != null) {
			throw new QuarantinedException(this.pool, entry.destination(), entry.id(), entry.deaths(),
					entry.remaining().toSeconds());
		}
	}

	private void refuseIfClosed() {
		if (!this.accepting) {
			throw new PoolClosedException(this.pool);
		}
		if (this.degradation != null && this.seats.isEmpty()) {
			throw new PoolDegradedException(this.pool, this.degradation);
		}
	}

	private void limitWaiting(Exchange exchange) {
		Duration timeout = this.settings.queueTimeout();
		if (!timeout.isZero()) {
			Background.schedule(() -> {
				if (locked(() -> this.waiting.remove(exchange))) {
					exchange.fail(new PoolSaturatedException(this.pool,
							"no worker had room for the message within %,d ms".formatted(timeout.toMillis())));
				}
			}, timeout);
		}
	}

	/**
	 * Let a seat have messages.
	 */
	void open(Seat seat) {
		locked(() -> {
			this.seats.add(seat);
			this.seats.sort(Comparator.comparingInt(Seat::slot));
			return true;
		});
		pump();
	}

	/**
	 * Give a seat no more messages; it keeps those that it has.
	 */
	void close(Seat seat) {
		failAll(locked(() -> {
			this.seats.remove(seat);
			return waitingInVain();
		}));
	}

	/**
	 * Refuse messages as long as there is no seat.
	 * @param reason why; {@code null} to end it
	 */
	void degrade(@Nullable String reason) {
		failAll(locked(() -> {
			this.degradation = reason;
			return waitingInVain();
		}));
	}

	private List<Exchange> waitingInVain() {
		return (this.degradation != null && this.seats.isEmpty()) ? this.waiting.clear() : List.of();
	}

	private void failAll(List<Exchange> waiting) {
		waiting.forEach(
				(exchange) -> exchange.fail(new PoolDegradedException(this.pool, String.valueOf(this.degradation))));
	}

	/**
	 * Take no new messages.
	 * @return completes when none is left
	 */
	CompletableFuture<Void> stopAccepting() {
		boolean vain = locked(() -> {
			this.accepting = false;
			return this.seats.isEmpty();
		});
		if (vain) {
			failWaiting();
		}
		checkIdle();
		return this.idle;
	}

	/**
	 * Fail what still waits.
	 */
	void failWaiting() {
		locked(this.waiting::clear).forEach((exchange) -> exchange.fail(new PoolClosedException(this.pool)));
		checkIdle();
	}

	@Override
	public boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		boolean wanted = !exchange.isDone();
		if (mayHaveStarted && cause instanceof WorkerLostException loss && loss.isCrash()) {
			this.observer.suspected(this.quarantine.died(List.of(fingerprint(exchange))));
		}
		boolean again = locked(() -> {
			leaveSeat(exchange);
			boolean possible = this.accepting && wanted && mayGoElsewhere(exchange, mayHaveStarted);
			if (possible) {
				this.waiting.giveBack(exchange);
			}
			return possible;
		});
		if (again) {
			// the caller must not block, and sending may
			Background.EXECUTOR.execute(this::pump);
		}
		checkIdle();
		return again;
	}

	private boolean mayGoElsewhere(Exchange exchange, boolean mayHaveStarted) {
		PoolSettings.Retry retry = this.settings.retry();
		return switch (retry.mode()) {
			case NEVER -> false;
			case NOT_STARTED -> !mayHaveStarted;
			case IDEMPOTENT -> !mayHaveStarted || exchange.repeat(retry.limit());
		};
	}

	@Override
	public void released(Exchange exchange) {
		boolean[] room = new boolean[1];
		Seat seat = locked(() -> {
			Seat left = leaveSeat(exchange);
			if (left == null) {
				this.waiting.remove(exchange);
			}
			room[0] = !this.waiting.isEmpty();
			return left;
		});
		if (seat != null) {
			if (room[0]) {
				pump();
			}
			this.observer.served(seat);
		}
		checkIdle();
	}

	@Override
	public void overdue(Exchange exchange) {
		Seat seat = locked(() -> this.places.get(exchange));
		if (seat != null) {
			this.observer.overdue(seat, exchange);
		}
	}

	/**
	 * Whether a member still works for a message.
	 */
	boolean isAt(Seat seat, Exchange exchange) {
		return locked(() -> this.places.get(exchange) == seat);
	}

	/**
	 * Return what a member works for.
	 */
	List<Exchange> at(Seat seat) {
		return locked(seat::exchanges);
	}

	private @Nullable Seat leaveSeat(Exchange exchange) {
		Seat seat = this.places.remove(exchange);
		if (seat != null) {
			seat.remove(exchange);
		}
		return seat;
	}

	/**
	 * Send what waits, as far as there is room: one thread at a time, or the order would
	 * be lost.
	 */
	private void pump() {
		boolean claimed = locked(() -> {
			boolean free = !this.pumping;
			this.pumping = true;
			return free;
		});
		if (claimed) {
			pump(false);
		}
	}

	private void pump(boolean mayBlock) {
		Exchange next;
		while ((next = locked(this::nextWaiting)) != null) {
			Exchange exchange = next;
			Seat seat = locked(() -> this.places.get(exchange));
			if (seat == null) {
				continue;
			}
			if (!mayBlock && !seat.member().isWritable()) {
				Background.EXECUTOR.execute(() -> {
					forward(seat, exchange);
					pump(true);
				});
				return;
			}
			forward(seat, exchange);
		}
	}

	private @Nullable Exchange nextWaiting() {
		Exchange next = this.waiting.serve((exchange) -> place(exchange) != null);
		this.pumping = next != null;
		return next;
	}

	private void forward(Seat seat, Exchange exchange) {
		try {
			transmit(seat, exchange);
		}
		catch (RuntimeException | Error ex) {
			exchange.fail(ex);
		}
	}

	private void transmit(Seat seat, Exchange exchange) {
		try {
			seat.member().transmit(exchange);
		}
		catch (ChannelClosedException ex) {
			// it has just died or leaves; another one can take the message
			close(seat);
			if (!lost(exchange, false, ex)) {
				throw ex;
			}
		}
		catch (RuntimeException ex) {
			released(exchange);
			throw ex;
		}
	}

	/**
	 * Find a seat: for a call one that has room, for a one-way message preferably one
	 * that keeps up.
	 */
	private @Nullable Seat place(Exchange exchange) {
		Seat seat;
		if (exchange.isCall()) {
			seat = this.balancer.choose(this.seats, (candidate) -> candidate.calls() < this.settings.concurrency(),
					exchange.key());
		}
		else {
			seat = this.balancer.choose(this.seats, (candidate) -> candidate.member().isWritable(), exchange.key());
			seat = (seat != null) ? seat : this.balancer.choose(this.seats, (candidate) -> true, exchange.key());
		}
		if (seat != null) {
			seat.add(exchange);
			this.places.put(exchange, seat);
		}
		return seat;
	}

	private void checkIdle() {
		if (locked(() -> !this.accepting && this.places.isEmpty() && this.waiting.isEmpty())) {
			this.idle.complete(null);
		}
	}

	private static Fingerprint fingerprint(Exchange exchange) {
		return Fingerprint.of(exchange.destination(), exchange.key(), exchange.payload());
	}

	private <T extends @Nullable Object> T locked(Supplier<T> action) {
		this.lock.lock();
		try {
			return action.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** How many messages wait. */
	int waiting() {
		return locked(this.waiting::size);
	}

	/** How many messages found all seats busy and no room to wait. */
	long refused() {
		return locked(() -> this.refused);
	}

	/**
	 * Is told what concerns supervision. Must not block.
	 */
	interface Observer {

		/** A seat has finished with a message. */
		void served(Seat seat);

		/** A caller has given up on a call that a seat still has. */
		void overdue(Seat seat, Exchange exchange);

		/** These messages are refused from now on. */
		void suspected(List<Quarantine.Entry> entries);

	}

}
