package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Redelivery;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of workers that do the same. The next one takes the next message; one
 * that dies is replaced, and what it had not started goes to another one.
 */
public final class WorkerPool implements Redelivery {

	private static final Log logger = LogFactory.getLog(WorkerPool.class);

	/** A worker that never became ready would most likely fail again at once. */
	private static final Duration FAILED_START_PAUSE = Duration.ofSeconds(1);

	private final WaitingExchanges waiting = new WaitingExchanges();

	private final AtomicBoolean dispatchPending = new AtomicBoolean();

	/** Held by the thread that dispatches, or the order would be lost. */
	private final Object dispatching = new Object();

	private final AtomicInteger turn = new AtomicInteger();

	private final String name;

	private final IntFunction<WorkerSpec> specs;

	private final WorkerObserver observer;

	private final Slot[] slots;

	private volatile boolean running;

	/**
	 * Create a pool.
	 * @param name its name
	 * @param size the number of workers
	 * @param specs says how to start the worker of a slot
	 * @param observer told about the life of every worker
	 */
	public WorkerPool(String name, int size, IntFunction<WorkerSpec> specs, WorkerObserver observer) {
		this.name = name;
		this.specs = specs;
		this.observer = observer;
		this.slots = new Slot[size];
		Arrays.setAll(this.slots, Slot::new);
	}

	/**
	 * Return the name of the pool.
	 * @return its name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the workers that there are now, in the order of their slots.
	 * @return workers in any state but EXITED
	 */
	public List<Worker> workers() {
		return Stream.of(this.slots).map((slot) -> slot.worker).filter(Objects::nonNull).toList();
	}

	/**
	 * Fork all workers and wait until they are ready.
	 * @throws WorkerStartException if one of them cannot start; the others are stopped
	 * @throws PoolClosedException if the pool is stopped meanwhile
	 */
	public void start() {
		this.running = true;
		try {
			List<CompletableFuture<Void>> starts = new ArrayList<>();
			for (Slot slot : this.slots) {
				slot.start().ifPresent((worker) -> starts.add(worker.onReady()));
			}
			allOrFirstFailure(starts).join();
		}
		catch (CompletionException | IpcException ex) {
			boolean stopped = !this.running;
			stop(Duration.ZERO).join();
			if (stopped) {
				throw new PoolClosedException(this.name);
			}
			throw (ex.getCause() instanceof WorkerStartException failure) ? failure : ex;
		}
	}

	private static CompletableFuture<?> allOrFirstFailure(List<CompletableFuture<Void>> starts) {
		CompletableFuture<Void> failure = new CompletableFuture<>();
		for (CompletableFuture<Void> start : starts) {
			start.exceptionally((ex) -> {
				failure.completeExceptionally(ex);
				return null;
			});
		}
		return CompletableFuture.anyOf(failure, CompletableFuture.allOf(starts.toArray(CompletableFuture<?>[]::new)));
	}

	/**
	 * Let all workers finish what they have started, and end those that take too long.
	 * @param grace how long they may take
	 * @return completes when all have ended
	 */
	public CompletableFuture<Void> stop(Duration grace) {
		List<Worker> leaving;
		synchronized (this.slots) {
			this.running = false;
			leaving = workers();
		}
		CompletableFuture<?>[] exits = leaving.stream()
			.map((worker) -> worker.drain(grace))
			.toArray(CompletableFuture<?>[]::new);
		dispatchSoon();
		return CompletableFuture.allOf(exits);
	}

	/**
	 * Send a message or call to the next worker, or keep it until one is ready.
	 * @param exchange the message
	 * @throws IpcException if it was not admitted
	 */
	public void submit(Exchange exchange) {
		requireRunning();
		if (this.waiting.isEmpty() && transmit(exchange)) {
			return;
		}
		if (!this.waiting.add(exchange)) {
			throw new PoolSaturatedException(this.name, WaitingExchanges.LIMIT);
		}
		// by this thread, so that it is not faster than the workers
		dispatch();
	}

	/**
	 * Refuse what {@link #submit} would refuse.
	 * @throws PoolClosedException if the pool is not running
	 */
	public void requireRunning() {
		if (!this.running) {
			throw new PoolClosedException(this.name);
		}
	}

	@Override
	public boolean takeOver(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		if (mayHaveStarted || !this.running) {
			return false;
		}
		this.waiting.addReturned(exchange);
		dispatchSoon();
		return true;
	}

	private void dispatchSoon() {
		if (this.dispatchPending.compareAndSet(false, true)) {
			Background.EXECUTOR.execute(() -> {
				this.dispatchPending.set(false);
				dispatch();
			});
		}
	}

	private void dispatch() {
		synchronized (this.dispatching) {
			Exchange next;
			while ((next = this.waiting.peek()) != null && dispatch(next)) {
				this.waiting.remove(next);
			}
		}
	}

	/**
	 * Send a waiting message, or give it up.
	 * @return {@code false} if it has to wait on
	 */
	private boolean dispatch(Exchange next) {
		try {
			if (!this.running) {
				next.fail(new PoolClosedException(this.name));
			}
			return next.isDone() || transmit(next);
		}
		catch (IpcException ex) {
			next.fail(ex);
			return true;
		}
	}

	private boolean transmit(Exchange exchange) {
		for (int tries = 0; tries < this.slots.length; tries++) {
			Worker worker = nextReady();
			if (worker == null) {
				return false;
			}
			try {
				worker.transmit(exchange);
				return true;
			}
			catch (ChannelClosedException ex) {
				// it has just died or is leaving; another one can take the message
			}
		}
		return false;
	}

	/**
	 * Take turns, but leave out those that do not keep up as long as others do.
	 */
	private @Nullable Worker nextReady() {
		int first = this.turn.getAndIncrement();
		Worker busy = null;
		for (int i = 0; i < this.slots.length; i++) {
			Worker worker = this.slots[Math.floorMod(first + i, this.slots.length)].worker;
			if (worker != null && worker.state() == WorkerState.READY && worker.isConnected()) {
				if (worker.peer().channel().isWritable()) {
					return worker;
				}
				busy = (busy != null) ? busy : worker;
			}
		}
		return busy;
	}

	private final class Slot implements WorkerObserver {

		private final int number;

		private volatile @Nullable Worker worker;

		Slot(int number) {
			this.number = number;
		}

		Optional<Worker> start() {
			synchronized (WorkerPool.this.slots) {
				if (!WorkerPool.this.running || this.worker != null) {
					return Optional.empty();
				}
				return Optional.of(Worker.start(WorkerPool.this.specs.apply(this.number), this));
			}
		}

		@Override
		public void entered(Worker changed, WorkerState state) {
			switch (state) {
				case STARTING -> this.worker = changed;
				case READY -> dispatchSoon();
				case DRAINING -> {
				}
				case EXITED -> {
					this.worker = null;
					boolean wasReady = changed.onReady().isDone();
					Background.schedule(this::restart, wasReady ? Duration.ZERO : FAILED_START_PAUSE);
				}
			}
			WorkerPool.this.observer.entered(changed, state);
		}

		private void restart() {
			try {
				start();
			}
			catch (RuntimeException | Error ex) {
				logger.error("The worker in slot %d of pool '%s' cannot be replaced, but it is tried again"
					.formatted(this.number, WorkerPool.this.name), ex);
				Background.schedule(this::restart, FAILED_START_PAUSE);
			}
		}

	}

}
