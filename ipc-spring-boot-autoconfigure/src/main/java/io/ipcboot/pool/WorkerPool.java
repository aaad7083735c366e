package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeOwner;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * A named, supervised set of workers that do the same. Safe for use by several threads.
 */
public final class WorkerPool implements ExchangeOwner {

	private final Set<Worker> workers = ConcurrentHashMap.newKeySet();

	/** Of workers that have ended, and have something left to be removed. */
	private final Set<CompletableFuture<ProcessExit>> endings = ConcurrentHashMap.newKeySet();

	private final String name;

	private final PoolSettings settings;

	private final Duration sendTimeout;

	private final Quarantine quarantine;

	private final Member.Fleet fleet;

	private final PoolObserver observer;

	private volatile @Nullable Operation operation;

	/**
	 * Create a pool.
	 * @param name its name
	 * @param settings how it is supervised
	 * @param sendTimeout how long a sender of one-way messages is held up at most while
	 * many wait
	 * @param specs says how to start the worker of a slot, or a spare if the slot is -1
	 * @param observer told about every transition
	 */
	public WorkerPool(String name, PoolSettings settings, Duration sendTimeout, IntFunction<WorkerSpec> specs,
			PoolObserver observer) {
		this.name = name;
		this.settings = settings;
		this.sendTimeout = sendTimeout;
		this.observer = observer;
		this.quarantine = new Quarantine(settings.quarantine(), System::nanoTime);
		this.fleet = new WorkerFleet(specs, new Census());
	}

	/**
	 * Return the name of the pool.
	 * @return its name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the workers that there are now.
	 * @return workers in any state but EXITED, spares and those that leave too
	 */
	public List<Worker> workers() {
		return List.copyOf(this.workers);
	}

	/**
	 * Fork all workers and wait until they are ready.
	 * @throws WorkerStartException if one of them cannot start and that is not to be
	 * tolerated; the others are stopped
	 * @throws PoolDegradedException if they start, and die as soon as they are ready
	 * @throws PoolClosedException if the pool is stopped meanwhile
	 */
	public void start() {
		Operation next = new Operation(this.name, this.settings, this.sendTimeout, this.fleet, new SerialLoop(),
				this.quarantine, this.observer);
		this.operation = next;
		try {
			next.start().join();
		}
		catch (CompletionException ex) {
			stop(Duration.ZERO).join();
			if (ex.getCause() instanceof IpcException failure) {
				throw failure;
			}
			throw ex;
		}
	}

	/**
	 * Finish what was taken and take nothing new, then let all workers leave, and end
	 * those that take too long.
	 * @param grace how long all of that may take
	 * @return completes when all have ended
	 */
	public CompletableFuture<Void> stop(Duration grace) {
		Operation current = this.operation;
		return (current != null) ? current.stop(grace).thenCompose((nothing) -> allEnded())
				: CompletableFuture.completedFuture(null);
	}

	private CompletableFuture<Void> allEnded() {
		return CompletableFuture.allOf(this.endings.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Send a message or call to a worker, or keep it until one has room.
	 * @param exchange the message
	 * @throws IpcException if it was not admitted
	 */
	public void submit(Exchange exchange) {
		operation().traffic().submit(exchange);
	}

	/**
	 * Refuse what {@link #submit} would refuse.
	 * @throws PoolClosedException if the pool is not running
	 */
	public void requireRunning() {
		operation().traffic().requireOpen();
	}

	/**
	 * Whether a message would be sent at once.
	 * @return {@code false} if no worker takes messages, or all of them lag behind
	 */
	public boolean isWritable() {
		Operation current = this.operation;
		return current != null && current.traffic().isWritable();
	}

	@Override
	public boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		return operation().traffic().lost(exchange, mayHaveStarted, cause);
	}

	@Override
	public void fatal(Exchange exchange, IpcException cause) {
		operation().traffic().fatal(exchange, cause);
	}

	@Override
	public void released(List<Exchange> exchanges) {
		Operation current = this.operation;
		if (current != null) {
			current.traffic().released(exchanges);
		}
	}

	@Override
	public void overdue(Exchange exchange) {
		operation().traffic().overdue(exchange);
	}

	/**
	 * Have another number of slots. Workers of slots that are given up finish and leave.
	 * @param size the number of slots
	 * @return completes when that is under way
	 */
	public CompletableFuture<Void> resize(int size) {
		Settings.requireAtLeast("size", 0, size);
		return operation().resize(size);
	}

	/**
	 * Replace all workers, one slot at a time, the replacement first. Stops when one
	 * cannot start; the others stay. If that is under way already, join it.
	 * @return completes with what happened in each slot
	 */
	public CompletableFuture<RolloutResult> restart() {
		return operation().restart();
	}

	/**
	 * Let the worker of a slot finish what it has started and leave. It is replaced when
	 * it has left.
	 * @param slot the number of the slot
	 * @return completes with whether there was a worker
	 */
	public CompletableFuture<Boolean> drain(int slot) {
		return operation().drain(slot);
	}

	/**
	 * Replace the worker of a slot: another one gets ready and takes over, then it
	 * finishes what it has started and leaves.
	 * @param slot the number of the slot
	 * @param reason why, for the log
	 * @return completes with whether there was a worker
	 */
	public CompletableFuture<Boolean> recycle(int slot, String reason) {
		return operation().recycle(slot, reason);
	}

	/**
	 * Kill the worker of a slot.
	 * @param slot the number of the slot
	 * @return completes with whether there was a worker
	 */
	public CompletableFuture<Boolean> kill(int slot) {
		return operation().kill(slot);
	}

	/**
	 * Take a message out of quarantine.
	 * @param id the id of its entry
	 * @return {@code false} if there is no such entry
	 */
	public boolean release(String id) {
		return this.quarantine.release(id);
	}

	/**
	 * Return what the pool is doing.
	 * @return completes with all that is known
	 */
	public CompletableFuture<PoolSnapshot> snapshot() {
		Operation current = this.operation;
		return (current != null) ? current.snapshot() : CompletableFuture.completedFuture(new PoolSnapshot(this.name,
				PoolState.STOPPING, null, List.of(), 0, 0, this.settings.queueCapacity(), 0, List.of()));
	}

	private Operation operation() {
		Operation current = this.operation;
		if (current == null) {
			throw new PoolClosedException(this.name);
		}
		return current;
	}

	/** Counts the workers before anybody else is told of them. */
	private final class Census implements WorkerObserver {

		@Override
		public void entered(Worker worker, WorkerState state) {
			if (state == WorkerState.EXITED) {
				WorkerPool.this.workers.remove(worker);
				CompletableFuture<ProcessExit> ending = worker.onExit();
				WorkerPool.this.endings.add(ending);
				ending.thenRun(() -> WorkerPool.this.endings.remove(ending));
			}
			else {
				WorkerPool.this.workers.add(worker);
			}
			WorkerPool.this.observer.entered(worker, state);
		}

		@Override
		public void assigned(Worker worker) {
			WorkerPool.this.observer.assigned(worker);
		}

	}

}
