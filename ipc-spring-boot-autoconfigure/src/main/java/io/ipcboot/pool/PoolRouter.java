package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.CallChain;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.Route;
import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;
import io.ipcboot.pool.TrafficObserver.RefusalReason;
import org.jspecify.annotations.Nullable;

/**
 * Routes the messages of a pool, from submission to the end of the work for them: each
 * goes to a worker that has room, or waits in a bounded queue. A call keeps its place
 * until the worker has really finished with it, even if the caller gave up before.
 * Whether a message may enter is decided by {@link Admission}, whether it is sent again
 * by {@link #requeue}. Safe for concurrent use; nothing is called with the lock held.
 */
final class PoolRouter implements Route {

	private final SpinThenParkLock lock = new SpinThenParkLock(this::changed);

	private final CompletableFuture<Void> idle = new CompletableFuture<>();

	private final PoolSettings settings;

	private final ReadyWorkers readyWorkers;

	private final WaitingQueue waiting;

	private final Admission admission;

	private final String pool;

	private final Forwarder forwarder;

	private final Quarantine quarantine;

	private final Observer observer;

	private final AtomicLong submitted = new AtomicLong();

	PoolRouter(String pool, PoolSettings settings, Duration sendTimeout, SupervisorLoop loop, Quarantine quarantine,
			Observer observer) {
		this.pool = pool;
		this.settings = settings;
		this.readyWorkers = new ReadyWorkers(settings, this::misplaced);
		this.waiting = new WaitingQueue(settings, loop, this::timedOut,
				() -> observer.traffic() != TrafficObserver.NONE);
		this.admission = new Admission(pool, this.lock, this.readyWorkers, this.waiting, sendTimeout);
		this.forwarder = new Forwarder(this.lock, this.readyWorkers, this.waiting, loop,
				(load, exchange) -> transmit(load, exchange, false), (time) -> observer.traffic().waited(pool, time),
				this::checkIdle);
		this.quarantine = quarantine;
		this.observer = observer;
	}

	@Override
	public String pool() {
		return this.pool;
	}

	/**
	 * Accept a message. Returns when the message was sent or waits; before that, the
	 * sender of a one-way message may be held up if others wait.
	 * @throws IpcException if the message is refused
	 */
	@Override
	public void transmit(Exchange exchange) {
		submit(exchange, true);
	}

	@Override
	public void forward(Exchange exchange) {
		submit(exchange, false);
	}

	/**
	 * Accept a message.
	 * @param patient whether the sender may be held up
	 */
	private void submit(Exchange exchange, boolean patient) {
		try {
			admit(exchange, patient);
		}
		catch (IpcException ex) {
			count(RefusalReason.of(ex));
			throw ex;
		}
	}

	private void admit(Exchange exchange, boolean patient) {
		this.quarantine.require(exchange);
		exchange.takePosition(this.submitted.incrementAndGet());
		WorkerLoad load = this.readyWorkers.placeDirectly(exchange);
		if (load == null) {
			if (patient) {
				this.admission.holdUp(exchange);
			}
			load = placeOrWait(exchange, patient);
		}
		if (load != null) {
			transmit(load, exchange, patient);
		}
		else {
			this.forwarder.watchCongested();
		}
	}

	private @Nullable WorkerLoad placeOrWait(Exchange exchange, boolean patient) {
		return this.lock.hold(() -> {
			this.admission.require();
			requireNoDeadlock(exchange);
			boolean behind = this.waiting.isBehind(exchange) || this.forwarder.isPumping();
			WorkerLoad found = behind ? null
					: patient ? this.readyWorkers.placeNew(exchange) : this.readyWorkers.place(exchange);
			if (found == null
					&& !this.waiting.offer(exchange, exchange.isCall() ? this.readyWorkers.room(exchange) : 0)) {
				throw this.admission.saturated();
			}
			return found;
		});
	}

	private void requireNoDeadlock(Exchange exchange) {
		CallChain chain = exchange.chain();
		if (chain != null && this.readyWorkers.isDeadlock(exchange, chain)) {
			throw this.admission.deadlock(chain.toString());
		}
		if (exchange.isCall() && exchange.sender() instanceof Peer sender && this.readyWorkers.size() == 0
				&& this.admission.isPoolOf(sender.id())) {
			// it starts or leaves, and would wait for itself or for its successor
			throw this.admission.deadlock(CallChain.of(sender.id()));
		}
	}

	/**
	 * Send a message to the worker that it was placed at. If that worker has just died or
	 * is leaving, the message waits for another one.
	 * @param patient whether to wait until the worker has read others; otherwise the
	 * message waits again
	 * @throws IpcException if the message was not admitted
	 */
	private void transmit(WorkerLoad load, Exchange exchange, boolean patient) {
		try {
			if (patient) {
				load.worker().transmit(exchange);
			}
			else if (!load.worker().offer(exchange) && !requeue(exchange, () -> true)) {
				refuseAll(List.of(exchange), this.admission::hopeless);
			}
		}
		catch (ChannelClosedException ex) {
			close(load);
			if (!requeue(exchange, () -> true)) {
				throw ex;
			}
		}
		catch (RuntimeException | Error ex) {
			released(List.of(exchange));
			throw ex;
		}
	}

	/** Let messages fail that were accepted before. */
	private void refuseAll(List<Exchange> refused, Supplier<? extends IpcException> failure) {
		ExchangeSender.failAll(refused, () -> {
			IpcException created = failure.get();
			count(RefusalReason.of(created));
			return created;
		});
	}

	private void count(@Nullable RefusalReason reason) {
		if (reason != null) {
			this.observer.traffic().refused(this.pool, reason);
		}
	}

	/** Apply a change of state; called with the lock held. */
	private void changed() {
		this.readyWorkers
			.allowDirect(this.admission.isAccepting() && this.waiting.isEmpty() && !this.forwarder.isPumping());
		this.admission.relieve();
	}

	private void misplaced(Exchange exchange) {
		WorkerLoad load = this.lock.hold(() -> this.readyWorkers.leave(exchange));
		if (load != null) {
			// supervision may wait until the worker has nothing to do
			this.observer.served(load);
			checkIdle();
		}
	}

	private void timedOut(Exchange exchange) {
		boolean waited = this.lock.hold(() -> this.waiting.remove(exchange));
		// calls may have waited for a message
		this.forwarder.pump();
		checkIdle();
		if (waited) {
			count(RefusalReason.TIMEOUT);
			ExchangeSender.failAll(List.of(exchange), () -> this.admission.waitedTooLong(this.settings.queueTimeout()));
		}
	}

	@Override
	public String explainDelay() {
		return this.admission.explainDelay();
	}

	/**
	 * Note why a place is empty, for those who wait.
	 * @param reason how the last worker there ended and what follows
	 */
	void explainAbsence(String reason) {
		this.admission.explainAbsence(reason);
	}

	/** Refuse what {@link #transmit} would certainly refuse. */
	@Override
	public void requireOpen() {
		this.lock.hold(this.admission::require);
	}

	/** Return whether any worker takes messages. */
	boolean isServed() {
		return this.lock.hold(() -> this.readyWorkers.size() > 0);
	}

	boolean isWritable() {
		return this.lock.hold(this.readyWorkers::isWritable);
	}

	/** Note how many workers the pool is to have. */
	void expect(int workers) {
		this.lock.hold(() -> this.readyWorkers.expect(workers));
	}

	/** Open a worker for messages. */
	void open(WorkerLoad load) {
		this.lock.hold(() -> this.readyWorkers.open(load));
		this.admission.explainAbsence(null);
		this.forwarder.pumpElsewhere();
	}

	/**
	 * Let an open worker take messages that was held, since its predecessor has nothing
	 * more to hand back.
	 */
	void release(WorkerLoad load) {
		this.lock.hold(() -> load.hold(false));
		this.forwarder.pumpElsewhere();
	}

	/** Return whether a worker may still hand back a message. */
	boolean hasUnstarted(WorkerLoad load) {
		return this.lock.hold(load::hasUnstarted);
	}

	/** Close a worker for new messages; it keeps those that it has. */
	void close(WorkerLoad load) {
		failIfHopeless(() -> this.readyWorkers.close(load));
	}

	/**
	 * Refuse messages as long as there is no worker.
	 * @param reason why the pool is degraded; {@code null} to end that
	 */
	void degrade(@Nullable String reason) {
		failIfHopeless(() -> this.admission.degrade(reason));
	}

	/** Return why the pool is degraded, or {@code null} if it is not. */
	@Nullable String degradation() {
		return this.admission.degradation();
	}

	private void failIfHopeless(Runnable change) {
		List<Exchange> hopeless = this.lock.hold(() -> {
			change.run();
			return this.admission.isHopeless() ? this.waiting.clear() : List.of();
		});
		if (!hopeless.isEmpty()) {
			refuseAll(hopeless, this.admission::hopeless);
			checkIdle();
		}
	}

	/**
	 * Refuse new messages.
	 * @return completes when no message is left
	 */
	CompletableFuture<Void> stopAccepting() {
		boolean vain = this.lock.hold(() -> {
			this.admission.close();
			return this.readyWorkers.size() == 0;
		});
		if (vain) {
			end();
		}
		checkIdle();
		return this.idle;
	}

	/** Fail the messages that still wait, and those that would wait again from now on. */
	void end() {
		List<Exchange> left = this.lock.hold(() -> {
			this.admission.end();
			return this.waiting.clear();
		});
		ExchangeSender.failAll(left, this.admission::closed);
		checkIdle();
	}

	@Override
	public boolean isWatching() {
		return true;
	}

	@Override
	public boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		refuseLike(this.quarantine.lost(exchange, mayHaveStarted, cause));
		boolean suspect = mayHaveStarted && this.quarantine.check(exchange) != null;
		return requeue(exchange, () -> !suspect && this.settings.retry().permits(exchange, mayHaveStarted));
	}

	@Override
	public void survived(Exchange exchange) {
		this.quarantine.survived(exchange);
	}

	@Override
	public void fatal(Exchange exchange, IpcException cause) {
		refuseLike(this.quarantine.fatal(exchange, cause));
	}

	private void refuseLike(@Nullable QuarantinedMessage caught) {
		if (caught != null) {
			this.observer.quarantined(caught);
			List<Exchange> same = new ArrayList<>(this.lock.hold(this.waiting::all));
			// what is in them is looked at without the lock
			same.removeIf((waiting) -> this.quarantine.check(waiting) == null);
			same.removeIf((suspect) -> !this.lock.hold(() -> this.waiting.remove(suspect)));
			refuseAll(same, () -> this.quarantine.refusal(caught));
		}
	}

	/**
	 * Decide whether a message is sent again, and if so let it wait: it must not be done
	 * already, a worker must be there or expected, and the settings must permit it.
	 * @param permitted whether the settings permit it; asked at most once, after the rest
	 * @return {@code false} if the message has to fail
	 */
	private boolean requeue(Exchange exchange, BooleanSupplier permitted) {
		boolean wanted = !exchange.isDone();
		boolean again = this.lock.hold(() -> {
			this.readyWorkers.leave(exchange);
			boolean possible = wanted && !this.admission.isHopeless() && permitted.getAsBoolean();
			if (possible) {
				this.waiting.requeue(exchange);
			}
			return possible;
		});
		if (again) {
			this.forwarder.pumpElsewhere();
		}
		checkIdle();
		return again;
	}

	@Override
	public void released(List<Exchange> exchanges) {
		List<WorkerLoad> loads = new ArrayList<>(1);
		boolean claimed = this.lock.hold(() -> {
			for (Exchange exchange : exchanges) {
				WorkerLoad left = this.readyWorkers.finish(exchange);
				if (left == null) {
					this.waiting.remove(exchange);
				}
				else if (!loads.contains(left)) {
					loads.add(left);
				}
			}
			// or a new message could take the place before those that wait
			return !this.waiting.isEmpty() && this.forwarder.claim();
		});
		if (claimed) {
			this.forwarder.run();
		}
		loads.forEach(this.observer::served);
		checkIdle();
	}

	@Override
	public void overdue(Exchange exchange) {
		WorkerLoad load = this.lock.hold(() -> WorkerLoad.of(exchange));
		if (load != null) {
			this.observer.overdue(load, exchange);
		}
	}

	/** Return whether a worker has nothing to do any more, and will get nothing. */
	boolean isFinished(WorkerLoad load) {
		return !this.admission.isAccepting() && this.lock.hold(() -> load.outstanding() == 0 && this.waiting.isEmpty());
	}

	/** Return whether a worker still works for a message. */
	boolean isAt(WorkerLoad load, Exchange exchange) {
		return this.lock.hold(() -> WorkerLoad.of(exchange) == load);
	}

	/** Prefer other workers for handles, until a message or call is done there. */
	void stall(WorkerLoad load, boolean stalled) {
		this.lock.hold(() -> load.stall(stalled));
	}

	/**
	 * Return the calls and handles that a worker has, but not its plain one-way messages.
	 */
	List<Exchange> at(WorkerLoad load) {
		return this.lock.hold(load::exchanges);
	}

	/**
	 * Describe what a worker has; a few calls and messages are enough for an operator.
	 */
	List<PoolSnapshot.Work> work(WorkerLoad load) {
		// takes system calls, so without the lock
		Peer.StartedMessage message = load.worker().runningMessage();
		return this.lock.hold(() -> load.work(message));
	}

	/** Return how many messages and calls a worker has. */
	int outstanding(WorkerLoad load) {
		return this.lock.hold(load::outstanding);
	}

	private void checkIdle() {
		// first without the lock, as this is asked after every message
		if (!this.admission.isAccepting()
				&& this.lock.hold(() -> this.readyWorkers.isIdle() && this.waiting.isEmpty())) {
			this.idle.complete(null);
		}
	}

	/** Return how many messages wait. */
	int waiting() {
		return this.lock.hold(this.waiting::size);
	}

	/** Return how many messages found all workers busy and no room to wait. */
	long refused() {
		return this.lock.hold(this.admission::refused);
	}

	/**
	 * Observes what happens to the messages of a pool, as far as it concerns supervision.
	 * Must not block.
	 */
	interface Observer {

		/** Called when a worker has finished with a message. */
		void served(WorkerLoad load);

		/** Called when a caller gave up on a call that a worker still has. */
		void overdue(WorkerLoad load, Exchange exchange);

		/** Called when a message is refused from now on. */
		void quarantined(QuarantinedMessage message);

		/** Return who is told what the messages go through. */
		TrafficObserver traffic();

	}

}
