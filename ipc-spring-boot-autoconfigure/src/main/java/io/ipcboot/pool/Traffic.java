package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeOwner;
import io.ipcboot.messaging.Exchanges;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a pool, from submission to the end of the work for them: each goes to a
 * seat that has room, or waits in a bounded line. A call keeps its place until the member
 * has really finished with it, even if the caller has given up before. Safe for
 * concurrent use; nothing is called with the lock held.
 */
final class Traffic implements ExchangeOwner {

	private final BriefLock lock = new BriefLock(this::changed);

	private final CompletableFuture<Void> idle = new CompletableFuture<>();

	private final PoolSettings settings;

	private final QueueTimeout queueTimeout;

	private final Seating seating;

	private final DirectSeating direct;

	private final Waiting waiting;

	private final Admission admission;

	private final Forwarding forwarding;

	private final Throttle throttle;

	private final Suspicion suspicion;

	private final TrafficObserver observer;

	private final AtomicLong submitted = new AtomicLong();

	Traffic(String pool, PoolSettings settings, Duration sendTimeout, SupervisorLoop loop, Quarantine quarantine,
			TrafficObserver observer) {
		this.settings = settings;
		this.queueTimeout = new QueueTimeout(pool, settings.queueTimeout(), loop);
		this.seating = new Seating(settings);
		this.direct = new DirectSeating(settings.balancing(), this::takeBack);
		this.waiting = new Waiting(settings, this.queueTimeout::forget);
		this.admission = new Admission(pool);
		this.forwarding = new Forwarding(this.lock, this.seating, this.waiting, this, loop);
		this.throttle = new Throttle(this.lock, this.seating, this.waiting, sendTimeout);
		this.suspicion = new Suspicion(pool, quarantine);
		this.observer = observer;
	}

	/**
	 * Take a message. Returns when it was sent or waits, before which a one-way message
	 * may be held up if others do.
	 * @throws IpcException if it is refused
	 */
	void submit(Exchange exchange) {
		this.suspicion.refuse(exchange);
		exchange.takePosition(this.submitted.incrementAndGet());
		Seat seat = this.direct.place(exchange);
		if (seat == null) {
			if (!exchange.isCall() && !this.throttle.pass(exchange)) {
				throw this.lock.hold(() -> this.admission.saturated(this.seating.size(), this.waiting.size()));
			}
			seat = placeOrWait(exchange);
		}
		if (seat != null) {
			this.forwarding.transmit(seat, exchange);
		}
		else {
			this.forwarding.watchCongested();
		}
	}

	private @Nullable Seat placeOrWait(Exchange exchange) {
		return this.lock.hold(() -> {
			this.admission.require(this.seating.size());
			boolean behind = this.waiting.isBehind(exchange) || this.forwarding.isPumping();
			Seat found = behind ? null : this.seating.placeNew(exchange);
			if (found == null) {
				await(exchange);
			}
			return found;
		});
	}

	/** Called with the lock held. */
	private void changed() {
		boolean free = this.admission.isAccepting() && this.waiting.isEmpty() && !this.forwarding.isPumping();
		this.direct.offer(free ? this.seating.open() : List.of());
		this.throttle.look();
	}

	/** A message must not be at a seat after all. */
	private void takeBack(Exchange exchange) {
		Seat seat = this.lock.hold(() -> this.seating.leave(exchange));
		if (seat != null) {
			// somebody may have waited until it has nothing to do
			this.observer.served(seat);
			checkIdle();
		}
	}

	private void await(Exchange exchange) {
		if (!this.waiting.offer(exchange, exchange.isCall() ? this.seating.room(exchange) : 0)) {
			throw this.admission.saturated(this.seating.size(), this.waiting.size());
		}
		watchTime(exchange);
	}

	private void watchTime(Exchange exchange) {
		this.queueTimeout.watch(exchange, () -> stopWaiting(exchange));
	}

	private boolean stopWaiting(Exchange exchange) {
		boolean waited = this.lock.hold(() -> this.waiting.remove(exchange));
		// calls may have waited for a message
		this.forwarding.pump();
		checkIdle();
		return waited;
	}

	/**
	 * Refuse what {@link #submit} would certainly refuse.
	 */
	void requireOpen() {
		this.lock.hold(() -> {
			this.admission.require(this.seating.size());
			return true;
		});
	}

	/** Whether any member takes messages. */
	boolean isServed() {
		return this.lock.hold(() -> this.seating.size() > 0);
	}

	boolean isWritable() {
		return this.lock.hold(this.seating::isWritable);
	}

	/**
	 * Let a seat have messages.
	 */
	void open(Seat seat) {
		this.lock.hold(() -> {
			this.seating.open(seat);
			return true;
		});
		this.forwarding.pumpElsewhere();
	}

	/**
	 * Give a seat no more messages; it keeps those that it has.
	 */
	void close(Seat seat) {
		failHopeless(this.lock.hold(() -> {
			this.seating.close(seat);
			return clearIfHopeless();
		}));
	}

	/**
	 * Refuse messages as long as there is no seat.
	 * @param reason why; {@code null} to end it
	 */
	void degrade(@Nullable String reason) {
		failHopeless(this.lock.hold(() -> {
			this.admission.degrade(reason);
			return clearIfHopeless();
		}));
	}

	private List<Exchange> clearIfHopeless() {
		return this.admission.isHopeless(this.seating.size()) ? this.waiting.clear() : List.of();
	}

	private void failHopeless(List<Exchange> hopeless) {
		if (!hopeless.isEmpty()) {
			Exchanges.failAll(hopeless, this.admission::hopeless);
			checkIdle();
		}
	}

	/**
	 * Take no new messages.
	 * @return completes when none is left
	 */
	CompletableFuture<Void> stopAccepting() {
		boolean vain = this.lock.hold(() -> {
			this.admission.close();
			return this.seating.size() == 0;
		});
		if (vain) {
			end();
		}
		checkIdle();
		return this.idle;
	}

	/**
	 * Fail what still waits, and what is given back from now on.
	 */
	void end() {
		List<Exchange> left = this.lock.hold(() -> {
			this.admission.end();
			return this.waiting.clear();
		});
		Exchanges.failAll(left, this.admission::closed);
		checkIdle();
	}

	@Override
	public boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		refuseLike(this.suspicion.lost(exchange, mayHaveStarted, cause));
		boolean suspect = mayHaveStarted && this.suspicion.check(exchange) != null;
		return giveBack(exchange, () -> !suspect && this.settings.retry().permits(exchange, mayHaveStarted));
	}

	@Override
	public void fatal(Exchange exchange, IpcException cause) {
		refuseLike(this.suspicion.fatal(exchange, cause));
	}

	private void refuseLike(Quarantine.@Nullable Entry caught) {
		if (caught != null) {
			this.observer.suspected(caught);
			List<Exchange> same = new ArrayList<>(this.lock.hold(this.waiting::all));
			// what is in them is looked at without the lock
			same.removeIf((waiting) -> this.suspicion.check(waiting) == null);
			same.removeIf((suspect) -> !this.lock.hold(() -> this.waiting.remove(suspect)));
			Exchanges.failAll(same, () -> this.suspicion.refusal(caught));
		}
	}

	/**
	 * Let a message wait again that its member has no room for after all.
	 */
	void postpone(Exchange exchange) {
		if (!giveBack(exchange)) {
			Exchanges.failAll(List.of(exchange), this.admission::hopeless);
		}
	}

	/**
	 * Keep a message that no member has seen.
	 * @return {@code false} if it has to fail
	 */
	boolean giveBack(Exchange exchange) {
		return giveBack(exchange, () -> true);
	}

	private boolean giveBack(Exchange exchange, Supplier<Boolean> permitted) {
		boolean wanted = !exchange.isDone();
		boolean again = this.lock.hold(() -> {
			this.seating.leave(exchange);
			boolean possible = wanted && !this.admission.isHopeless(this.seating.size()) && permitted.get();
			if (possible) {
				this.waiting.giveBack(exchange);
				watchTime(exchange);
			}
			return possible;
		});
		if (again) {
			this.forwarding.pumpElsewhere();
		}
		checkIdle();
		return again;
	}

	@Override
	public void released(List<Exchange> exchanges) {
		List<Seat> seats = new ArrayList<>(1);
		boolean claimed = this.lock.hold(() -> {
			for (Exchange exchange : exchanges) {
				Seat left = this.seating.finish(exchange);
				if (left == null) {
					this.waiting.remove(exchange);
				}
				else if (!seats.contains(left)) {
					seats.add(left);
				}
			}
			// or somebody new could take the place before those that wait
			return !this.waiting.isEmpty() && this.forwarding.claim();
		});
		if (claimed) {
			this.forwarding.run();
		}
		seats.forEach(this.observer::served);
		checkIdle();
	}

	@Override
	public void overdue(Exchange exchange) {
		Seat seat = this.lock.hold(() -> Seat.of(exchange));
		if (seat != null) {
			this.observer.overdue(seat, exchange);
		}
	}

	/**
	 * Whether a member has nothing to do any more, and will get nothing.
	 */
	boolean isFinished(Seat seat) {
		return !this.admission.isAccepting() && this.lock.hold(() -> seat.outstanding() == 0 && this.waiting.isEmpty());
	}

	/**
	 * Whether a member still works for a message.
	 */
	boolean isAt(Seat seat, Exchange exchange) {
		return this.lock.hold(() -> Seat.of(exchange) == seat);
	}

	/**
	 * Prefer other seats for handles, until a message or call is done there.
	 */
	void stall(Seat seat, boolean stalled) {
		this.lock.hold(() -> {
			seat.stall(stalled);
			return true;
		});
	}

	/**
	 * Return what a member works for, but for one-way messages without a handle.
	 */
	List<Exchange> at(Seat seat) {
		return this.lock.hold(seat::exchanges);
	}

	/** How many messages and calls a member has. */
	int outstanding(Seat seat) {
		return this.lock.hold(seat::outstanding);
	}

	/**
	 * See whether that was the last message.
	 */
	void checkIdle() {
		// first without the lock, as this is asked after every message
		if (!this.admission.isAccepting() && this.lock.hold(() -> this.seating.isIdle() && this.waiting.isEmpty())) {
			this.idle.complete(null);
		}
	}

	/** How many messages wait. */
	int waiting() {
		return this.lock.hold(this.waiting::size);
	}

	/** How many messages found all seats busy and no room to wait. */
	long refused() {
		return this.lock.hold(this.admission::refused);
	}

}
