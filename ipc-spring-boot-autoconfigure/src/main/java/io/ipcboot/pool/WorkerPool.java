package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;

import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Route;
import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One run of a pool, from its start to its stop; a run is not started again. A pool is a
 * named, supervised set of interchangeable workers. Safe for use by several threads.
 */
public final class WorkerPool {

	private static final Log logger = LogFactory.getLog(WorkerPool.class);

	/** The rest of the grace at which the workers that have nothing to do leave. */
	private static final Duration LAST_PART = Duration.ofSeconds(5);

	private final String name;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	private final WorkerStarter starter;

	private final Quarantine quarantine;

	private final PoolObserver observer;

	private final PoolRouter router;

	private final Supervisor supervisor;

	private final Replacements replacements;

	private final Watchdog watchdog;

	/** Used by the loop only. */
	private @Nullable RollingRestart rollingRestart;

	/** Used by the loop only. */
	private PoolState state = PoolState.STARTING;

	/** Whether all slots were filled or, if the pool may start degraded, tried. */
	private volatile boolean started;

	/** The time at which all workers must have left, once the pool is stopping. */
	private volatile @Nullable Long deadline;

	/**
	 * Create a run of a pool.
	 * @param name the name of the pool
	 * @param settings how the pool is supervised
	 * @param sendTimeout the maximum time for which a sender of one-way messages is held
	 * up while many wait
	 * @param specs returns how to start the worker of a slot, or a spare if the slot is
	 * -1
	 * @param queue lets workers start a few at a time; shared by all pools
	 * @param quarantine which messages are refused; shared by all runs of the pool
	 * @param observer observes every transition
	 */
	public WorkerPool(String name, PoolSettings settings, Duration sendTimeout, IntFunction<WorkerSpec> specs,
			StartQueue queue, Quarantine quarantine, PoolObserver observer) {
		this(name, settings, sendTimeout, specs, queue, new SerialLoop(), quarantine, observer);
	}

	private WorkerPool(String name, PoolSettings settings, Duration sendTimeout, IntFunction<WorkerSpec> specs,
			StartQueue queue, SupervisorLoop loop, Quarantine quarantine, PoolObserver observer) {
		this(name, settings, sendTimeout, new WorkerStarter(name, specs, observer, loop, queue), loop, quarantine,
				observer);
	}

	WorkerPool(String name, PoolSettings settings, Duration sendTimeout, WorkerStarter starter, SupervisorLoop loop,
			Quarantine quarantine, PoolObserver observer) {
		this.name = name;
		this.settings = settings;
		this.loop = loop;
		this.starter = starter;
		this.quarantine = quarantine;
		this.observer = observer;
		Events events = new Events();
		this.router = new PoolRouter(name, settings, sendTimeout, loop, quarantine, events);
		this.supervisor = new Supervisor(name, settings, starter, loop, this.router, events);
		this.replacements = new Replacements(this.supervisor, settings, loop);
		this.watchdog = new Watchdog(this.supervisor, this.router, settings, loop, this.replacements);
	}

	/**
	 * Return the name of the pool.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Return the route to the workers.
	 * @return a route that sends a message to a worker, or keeps it until one has room
	 */
	public Route route() {
		return this.router;
	}

	PoolRouter router() {
		return this.router;
	}

	/**
	 * Return whether a message would be sent at once.
	 * @return {@code false} if no worker takes messages, or all of them lag behind
	 */
	public boolean isWritable() {
		return this.router.isWritable();
	}

	/**
	 * Fork all workers, a few at a time, and wait until they are ready.
	 * @throws WorkerStartException if a worker cannot start and the pool must not start
	 * degraded; the other workers are stopped
	 * @throws PoolDegradedException if the workers start, and die as soon as they are
	 * ready
	 * @throws PoolClosedException if the pool is stopped meanwhile, or was stopped before
	 */
	public void start() {
		try {
			begin().join();
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
	 * Begin to fill all slots.
	 * @return completes when the pool has started
	 */
	CompletableFuture<Void> begin() {
		CompletableFuture<Void> result = new CompletableFuture<>();
		this.loop.execute(() -> {
			this.watchdog.start();
			this.supervisor.start().whenComplete((nothing, ex) -> {
				if (ex != null) {
					result.completeExceptionally(ex);
				}
				else {
					markStarted();
					result.complete(null);
				}
			});
		});
		return result;
	}

	private void markStarted() {
		this.started = true;
		if (this.state == PoolState.STARTING) {
			this.state = PoolState.RUNNING;
		}
	}

	/**
	 * Finish the admitted messages and refuse new ones, then let all workers leave, and
	 * kill those that take too long.
	 * @param grace how long all of that may take
	 * @return completes when all have ended
	 */
	public CompletableFuture<Void> stop(Duration grace) {
		long end = this.loop.nanoTime() + TimeUnit.NANOSECONDS.convert(grace);
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		CompletableFuture<Void> idle = this.router.stopAccepting();
		Runnable dismiss = () -> this.loop.execute(() -> {
			this.state = PoolState.STOPPING;
			this.router.end();
			this.supervisor.stop(until(end)).thenRun(() -> stopped.complete(null));
		});
		if (!this.started) {
			// no caller waits for the pool to get ready any more
			dismiss.run();
		}
		else {
			SupervisorLoop.Alarm late = this.loop.schedule(() -> {
				this.deadline = end;
				retireFinished();
			}, grace.minus(lastPart(grace)));
			SupervisorLoop.Alarm hanging = this.loop.schedule(() -> {
				if (Termination.hasTimeForThreads(grace)) {
					this.supervisor.printThreads();
				}
			}, grace.minus(Termination.LAST_WORDS));
			SupervisorLoop.Alarm tooLate = this.loop.schedule(() -> idle.complete(null), grace);
			idle.thenRun(() -> {
				late.cancel();
				hanging.cancel();
				tooLate.cancel();
				dismiss.run();
			});
		}
		return stopped.thenCompose((nothing) -> this.starter.onRemoved());
	}

	private static Duration lastPart(Duration grace) {
		Duration half = grace.dividedBy(2);
		return (half.compareTo(LAST_PART) < 0) ? half : LAST_PART;
	}

	/**
	 * Let the workers that have nothing to do leave, so that a late worker does not take
	 * the others with it at the deadline. Until then they stay for messages that come
	 * back.
	 */
	private void retireFinished() {
		Long end = this.deadline;
		if (end != null) {
			List.copyOf(this.supervisor.workers())
				.stream()
				.filter((entry) -> entry.load != null && this.router.isFinished(entry.load))
				.forEach((entry) -> this.supervisor.retire(entry, until(end)));
		}
	}

	private Duration until(long end) {
		return Duration.ofNanos(Math.max(0, end - this.loop.nanoTime()));
	}

	/**
	 * Change the number of slots. Workers of slots that are given up finish and leave.
	 * @param size the number of slots
	 * @return completes when the change is under way
	 */
	public CompletableFuture<Void> resize(int size) {
		Settings.requireAtLeast("size", 0, size);
		return onLoop(() -> {
			logger.info("Pool '%s' is being resized to %d workers instead of %d".formatted(this.name, size,
					this.supervisor.slots().size()));
			this.supervisor.resize(size);
			return null;
		});
	}

	/**
	 * Replace all workers, one slot at a time, the replacement first. Stops when a
	 * replacement cannot start; the other workers stay. A restart that is already under
	 * way is joined.
	 * @return completes with what happened in each slot
	 */
	public CompletableFuture<RollingRestartResult> restart() {
		CompletableFuture<RollingRestartResult> result = new CompletableFuture<>();
		this.loop.execute(() -> {
			if (this.rollingRestart == null || this.rollingRestart.result().isDone()) {
				this.rollingRestart = new RollingRestart(this.name, this.supervisor, this.replacements);
				this.rollingRestart.begin();
			}
			this.rollingRestart.result().thenAccept((outcome) -> this.loop.offload(() -> result.complete(outcome)));
		});
		return result;
	}

	/**
	 * Let the worker of a slot finish what it started and leave; then replace it.
	 * @param slot the number of the slot
	 * @return completes with whether there was a worker
	 */
	public CompletableFuture<Boolean> drain(int slot) {
		return onLoop(() -> {
			PoolEntry entry = entry(slot);
			this.supervisor.dismiss(entry);
			return entry != null;
		});
	}

	/**
	 * Replace the worker of a slot: another worker gets ready and takes over, then the
	 * old one finishes what it started and leaves.
	 * @param slot the number of the slot
	 * @param reason why, for the log
	 * @return completes with whether there was a worker
	 */
	public CompletableFuture<Boolean> recycle(int slot, String reason) {
		return onLoop(() -> {
			PoolEntry entry = entry(slot);
			if (entry != null) {
				this.replacements.recycle(entry, reason);
			}
			return entry != null;
		});
	}

	/**
	 * Kill the worker of a slot.
	 * @param slot the number of the slot
	 * @return completes with whether there was a worker
	 */
	public CompletableFuture<Boolean> kill(int slot) {
		return onLoop(() -> {
			PoolEntry entry = entry(slot);
			if (entry == null || entry.worker == null) {
				return false;
			}
			entry.killedByOperator = true;
			entry.worker.kill(LossCause.KILLED);
			return true;
		});
	}

	private @Nullable PoolEntry entry(int number) {
		return this.supervisor.slots()
			.stream()
			.filter((slot) -> slot.number == number)
			.findFirst()
			.map((slot) -> slot.entry)
			.orElse(null);
	}

	/**
	 * Return a snapshot of the pool.
	 * @return completes with the snapshot
	 */
	public CompletableFuture<PoolSnapshot> snapshot() {
		return onLoop(() -> new PoolSnapshot(this.name, this.state, this.router.degradation(),
				this.supervisor.slots()
					.stream()
					.map((slot) -> slot.snapshot(this.router, this.loop.nanoTime()))
					.toList(),
				this.supervisor.spares().ready(), this.router.waiting(), this.settings.queueCapacity(),
				this.router.refused(), this.quarantine.entries(), progress()));
	}

	private PoolSnapshot.@Nullable RestartProgress progress() {
		RollingRestart current = this.rollingRestart;
		return (current != null && !current.result().isDone()) ? current.progress() : null;
	}

	/**
	 * Let the worker of a slot print its threads.
	 * @param slot the number of the slot
	 * @return completes with what the worker prints, or with {@code null} if there is no
	 * worker; fails if the worker cannot be asked, or prints nothing
	 */
	public CompletableFuture<@Nullable String> printThreads(int slot) {
		return onLoop(() -> {
			PoolEntry entry = entry(slot);
			return (entry != null) ? entry.worker : null;
		}).thenCompose((worker) -> (worker != null) ? worker.printThreads()
				: CompletableFuture.<@Nullable String>completedFuture(null));
	}

	private <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<T> action) {
		CompletableFuture<T> result = new CompletableFuture<>();
		this.loop.execute(() -> {
			try {
				T value = action.get();
				// code that is attached to the result may block, and must not do so on
				// the loop
				this.loop.offload(() -> result.complete(value));
			}
			catch (RuntimeException ex) {
				this.loop.offload(() -> result.completeExceptionally(ex));
			}
		});
		return result;
	}

	/** Reacts to events of the pool that concern the run itself. */
	private final class Events implements RestartPolicy.HealthObserver, PoolRouter.Observer {

		@Override
		public void degraded(String reason) {
			WorkerPool.this.state = PoolState.DEGRADED;
			WorkerPool.this.observer.degraded(WorkerPool.this.name, reason);
		}

		@Override
		public void recovered() {
			WorkerPool.this.state = WorkerPool.this.started ? PoolState.RUNNING : PoolState.STARTING;
			WorkerPool.this.observer.recovered(WorkerPool.this.name);
		}

		@Override
		public void quarantined(QuarantinedMessage message) {
			logger.warn("Pool '%s' refuses the message [%s] for %,d s because %d workers died while they had it"
				.formatted(WorkerPool.this.name, message.id(), message.remaining().toSeconds(), message.deaths()));
			WorkerPool.this.observer.quarantined(WorkerPool.this.name, message);
		}

		@Override
		public void served(WorkerLoad load) {
			if (WorkerPool.this.deadline != null) {
				WorkerPool.this.loop.execute(WorkerPool.this::retireFinished);
			}
			long limit = WorkerPool.this.settings.recycle().maxCalls();
			// the jitter only ever adds to the limit
			if (limit > 0 && load.served() >= limit) {
				WorkerPool.this.loop.execute(
						() -> WorkerPool.this.supervisor.workerOf(load).ifPresent(WorkerPool.this.replacements::check));
			}
		}

		@Override
		public TrafficObserver traffic() {
			return WorkerPool.this.observer.traffic();
		}

		@Override
		public void overdue(WorkerLoad load, Exchange exchange) {
			WorkerPool.this.watchdog.overdue(load, exchange);
		}

	}

}
