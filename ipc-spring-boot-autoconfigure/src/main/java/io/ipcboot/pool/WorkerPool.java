package io.ipcboot.pool;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
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

	private final Queue<Exchange> waiting = new ConcurrentLinkedQueue<>();

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
	 */
	public void start() {
		this.running = true;
		try {
			for (Slot slot : this.slots) {
				slot.start();
			}
			for (Worker worker : workers()) {
				worker.onReady().join();
			}
		}
		catch (CompletionException ex) {
			stop(Duration.ZERO).join();
			throw (ex.getCause() instanceof WorkerStartException failure) ? failure : ex;
		}
		catch (WorkerStartException ex) {
			stop(Duration.ZERO).join();
			throw ex;
		}
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
		return CompletableFuture.allOf(exits).thenRun(this::failWaiting);
	}

	/**
	 * Send a message or call to the next worker, or keep it until one is ready.
	 * @param exchange the message
	 * @throws IpcException if it was not admitted
	 */
	public void submit(Exchange exchange) {
		if (!this.running) {
			throw new PoolClosedException(this.name);
		}
		if (!transmit(exchange)) {
			this.waiting.add(exchange);
			// a worker may have become ready, or the pool may have stopped, in between
			Background.EXECUTOR.execute(this::dispatchWaiting);
		}
	}

	@Override
	public boolean takeOver(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		if (mayHaveStarted || !this.running) {
			return false;
		}
		this.waiting.add(exchange);
		Background.EXECUTOR.execute(this::dispatchWaiting);
		return true;
	}

	private boolean transmit(Exchange exchange) {
		for (int tries = 0; tries < this.slots.length; tries++) {
			Worker worker = nextReady();
			if (worker == null) {
				return false;
			}
			try {
				worker.peer().transmit(exchange);
				return true;
			}
			catch (ChannelClosedException ex) {
				// it has just died; another one can take the message
			}
		}
		return false;
	}

	private @Nullable Worker nextReady() {
		int first = this.turn.getAndIncrement();
		for (int i = 0; i < this.slots.length; i++) {
			Worker worker = this.slots[Math.floorMod(first + i, this.slots.length)].worker;
			if (worker != null && worker.state() == WorkerState.READY && worker.peer().isConnected()) {
				return worker;
			}
		}
		return null;
	}

	private void dispatchWaiting() {
		if (!this.running) {
			failWaiting();
			return;
		}
		Exchange next;
		while (nextReady() != null && (next = this.waiting.poll()) != null) {
			try {
				if (!next.isDone() && !transmit(next)) {
					this.waiting.add(next);
				}
			}
			catch (IpcException ex) {
				next.fail(ex);
			}
		}
	}

	private void failWaiting() {
		Exchange next;
		while ((next = this.waiting.poll()) != null) {
			next.fail(new PoolClosedException(this.name));
		}
	}

	private final class Slot implements WorkerObserver {

		private final int number;

		private volatile @Nullable Worker worker;

		Slot(int number) {
			this.number = number;
		}

		void start() {
			synchronized (WorkerPool.this.slots) {
				if (WorkerPool.this.running) {
					Worker.start(WorkerPool.this.specs.apply(this.number), this);
				}
			}
		}

		@Override
		public void entered(Worker changed, WorkerState state) {
			if (state == WorkerState.STARTING) {
				this.worker = changed;
			}
			if (state == WorkerState.READY) {
				Background.EXECUTOR.execute(WorkerPool.this::dispatchWaiting);
			}
			WorkerPool.this.observer.entered(changed, state);
			if (state == WorkerState.EXITED) {
				this.worker = null;
				boolean wasReady = changed.onReady().isDone();
				Background.schedule(this::restart, wasReady ? Duration.ZERO : FAILED_START_PAUSE);
			}
		}

		private void restart() {
			try {
				start();
			}
			catch (WorkerStartException ex) {
				logger.error(ex.getMessage());
				Background.schedule(this::restart, FAILED_START_PAUSE);
			}
		}

	}

}
