package io.ipcboot;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.Recipients;
import io.ipcboot.handle.Platform;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.RelayListener;
import io.ipcboot.messaging.RelayRoute;
import io.ipcboot.pool.PoolFailures;
import io.ipcboot.pool.PoolObserver;
import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;
import io.ipcboot.pool.StartQueue;
import io.ipcboot.pool.TrafficObserver;
import io.ipcboot.pool.Worker;
import io.ipcboot.pool.WorkerObserver;
import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ApplicationCode;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.server.PortObserver;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.util.function.SingletonSupplier;

/**
 * Forks processes, and sends messages and calls to pools of workers. In a worker,
 * messages and calls go to the pools of the parent, through the parent, and everything
 * else throws a {@link ForkInWorkerException}. Safe for use by several threads.
 */
public class ChildProcessTemplate implements ChildProcessOperations, AutoCloseable {

	private final Map<String, SupervisedPool> pools = new LinkedHashMap<>();

	/** The pools of the parent, if this process is a worker. */
	private final Map<String, RelayedPool> parentPools = new LinkedHashMap<>();

	private final Set<ChildProcess> children = ConcurrentHashMap.newKeySet();

	private final IpcRole role;

	private final ForkDefaults defaults;

	private final ListenerMethods methods;

	private final Map<Worker, ChildProcess> processes = new ConcurrentHashMap<>();

	private final Consumer<ApplicationEvent> events;

	private final List<WorkerObserver> observers = new CopyOnWriteArrayList<>();

	private volatile TrafficObserver traffic = TrafficObserver.NONE;

	private final WorkerSpecFactory specs;

	/** Passes on what workers send to pools. */
	private final RelayListener relay = new RelayListener((pool) -> supervised(pool).sender(), new PoolFailures());

	private final WorkerQuota quota;

	private final StartQueue queue;

	private final AtomicBoolean started = new AtomicBoolean();

	private volatile boolean stopped;

	/**
	 * Create a template.
	 * @param role the role of this process; a worker cannot fork, and sends to the pools
	 * of its parent
	 * @param defaults what a fork takes from this application
	 * @param methods finds listeners
	 * @param events receives an event for every transition of a worker, pool or port;
	 * must not block
	 * @param pools the pools; they are started by {@link #startPools()}. Ignored in a
	 * worker, whose parent names its pools
	 */
	public ChildProcessTemplate(IpcRole role, ForkDefaults defaults, ListenerMethods methods,
			Consumer<ApplicationEvent> events, Collection<PoolOptions> pools) {
		this(role, (role == IpcRole.WORKER) ? ParentProcess.connected() : ParentProcess.none(), defaults, methods,
				events, pools, WorkerLimits.DEFAULT);
	}

	/**
	 * Create a template with limits for all its pools.
	 * @param role the role of this process; a worker cannot fork, and sends to the pools
	 * of its parent
	 * @param parent the parent of this process, if it is a worker
	 * @param defaults what a fork takes from this application
	 * @param methods finds listeners
	 * @param events receives an event for every transition of a worker, pool or port;
	 * must not block
	 * @param pools the pools; they are started by {@link #startPools()}. Ignored in a
	 * worker, whose parent names its pools
	 * @param limits how many workers there may be, and how many start at a time
	 * @throws TooManyWorkersException if the pools have more workers
	 */
	public ChildProcessTemplate(IpcRole role, ParentProcess parent, ForkDefaults defaults, ListenerMethods methods,
			Consumer<ApplicationEvent> events, Collection<PoolOptions> pools, WorkerLimits limits) {
		this.quota = new WorkerQuota(limits.maxWorkers());
		this.queue = new StartQueue(limits.parallelStarts());
		this.role = role;
		this.defaults = defaults;
		this.methods = methods;
		this.events = events;
		SingletonSupplier<ApplicationCode> code = SingletonSupplier.of(ApplicationCode::ofThisProcess);
		this.specs = new WorkerSpecFactory(defaults, pools, code::obtain, (pool) -> this.traffic.lineDropped(pool));
		if (role == IpcRole.WORKER) {
			this.parentPools.putAll(parent.pools());
		}
		else {
			// before the files change
			code.obtain();
			pools.forEach((options) -> this.pools.put(options.name(), create(options)));
		}
	}

	private SupervisedPool create(PoolOptions options) {
		ListenerRegistry listeners = registry();
		return new SupervisedPool(options, this.defaults, this.specs, this.quota, this.queue, listeners, this.methods,
				new PoolEvents(options.fork()));
	}

	/** Create the listeners for one process or pool of this application. */
	private ListenerRegistry registry() {
		ListenerRegistry listeners = new ListenerRegistry(this.defaults.listeners());
		listeners.add(RelayRoute.DESTINATION, this.relay);
		return listeners;
	}

	@Override
	public MessageSpec destination(String destination) {
		return to(DEFAULT_POOL).destination(destination);
	}

	@Override
	public boolean isWritable() {
		return to(DEFAULT_POOL).isWritable();
	}

	@Override
	public List<ChildProcess> workers(String pool) {
		requireParent();
		supervised(pool);
		return this.processes.values()
			.stream()
			.filter((process) -> pool.equals(process.id().pool()))
			.sorted(Comparator.comparingInt((process) -> process.id().slot()))
			.toList();
	}

	@Override
	public Optional<ChildProcess> process(PeerId id) {
		return this.processes.values().stream().filter((process) -> process.id().equals(id)).findFirst();
	}

	@Override
	public MessageOperations to(String pool) {
		return pool(pool);
	}

	@Override
	public Set<String> pools() {
		return Collections
			.unmodifiableSet((this.role == IpcRole.PARENT) ? this.pools.keySet() : this.parentPools.keySet());
	}

	@Override
	public PoolOperations pool(String pool) {
		if (this.role == IpcRole.WORKER) {
			return found(pool, this.parentPools);
		}
		Platform.requireSupported();
		return supervised(pool);
	}

	private SupervisedPool supervised(String pool) {
		return found(pool, this.pools);
	}

	private static <T> T found(String pool, Map<String, T> pools) {
		T found = pools.get(pool);
		if (found == null) {
			throw new IllegalArgumentException(
					"There is no pool '%s'; set 'ipc.pools.%s.size'. The existing pools are %s".formatted(pool, pool,
							pools.keySet()));
		}
		return found;
	}

	@Override
	public ChildProcess fork(ForkOptions options) {
		ChildProcess child = start(options);
		try {
			return child.onReady().get();
		}
		catch (InterruptedException ex) {
			child.end(Duration.ZERO);
			Thread.currentThread().interrupt();
			throw new WorkerStartException(child.id(), "interrupted while waiting until it is ready, so it is killed",
					ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof WorkerStartException failure) {
				failure.fillInStackTrace();
				throw failure;
			}
			throw new IllegalStateException(ex.getCause());
		}
	}

	@Override
	public ChildProcess start(ForkOptions options) {
		requireParent();
		requireRunning();
		ChildProcess child = options.channel ? startWorker(options) : startProgram(options);
		this.children.add(child);
		child.onExit().whenComplete((exit, ex) -> this.children.remove(child));
		if (this.stopped) {
			child.end(Duration.ZERO);
			requireRunning();
		}
		return child;
	}

	private void requireRunning() {
		if (this.stopped) {
			throw new IllegalStateException("This application is shutting down and forks no more processes");
		}
	}

	private ChildProcess startWorker(ForkOptions options) {
		ListenerRegistry listeners = WorkerSpecFactory.mayUsePools(options, null) ? registry()
				: new ListenerRegistry(this.defaults.listeners());
		CompletableFuture<ChildProcess> child = new CompletableFuture<>();
		Worker.start(this.specs.worker(options, null, -1, listeners), (worker, state) -> {
			if (state == WorkerState.STARTING) {
				child.complete(present(worker, options));
			}
			publish(worker, state);
		});
		return child.join();
	}

	private ChildProcess present(Worker worker, ForkOptions options) {
		ExchangeSender sender = new ExchangeSender(this.defaults.converter(), this.defaults.limits().maxFrameSize(),
				this.defaults.callTimeout(), worker, this.defaults.interceptors());
		ChildProcess child = new ChildProcess(worker.process(), options,
				new ChildProcess.Channel(worker, () -> sender, this.methods));
		this.processes.put(worker, child);
		return child;
	}

	/**
	 * Register an observer of every transition in the life of every worker. The observer
	 * is called at once and in order, while events are published asynchronously.
	 * @param observer the observer; must not block
	 */
	public void observe(WorkerObserver observer) {
		this.observers.add(observer);
	}

	/**
	 * Set the observer of the traffic of all pools. Without one, nothing is measured.
	 * @param observer the observer, instead of an earlier one; must neither block nor
	 * throw
	 */
	public void observeTraffic(TrafficObserver observer) {
		this.traffic = observer;
	}

	/**
	 * Return what publishes that workers begin and end to accept connections.
	 * @return an observer of the ports that workers serve
	 */
	public PortObserver portObserver() {
		return new PortEvents(this.processes, this.events);
	}

	private void publish(Worker worker, WorkerState state) {
		Recipients.tellAll(this.observers, (observer) -> observer.entered(worker, state));
		ChildProcess child = (state == WorkerState.EXITED) ? this.processes.remove(worker) : this.processes.get(worker);
		if (child != null) {
			this.events.accept(switch (state) {
				case STARTING -> new WorkerStartingEvent(child);
				case READY -> new WorkerReadyEvent(child);
				case DRAINING -> new WorkerDrainingEvent(child);
				case EXITED -> new WorkerExitedEvent(child, worker.exit());
			});
		}
	}

	private ChildProcess startProgram(ForkOptions options) {
		try {
			return new ChildProcess(ForkedProcess.start(this.specs.program(options)), options, null);
		}
		catch (IOException ex) {
			throw new WorkerStartException(PeerId.process(-1), "the process could not be forked: " + ex.getMessage(),
					ex);
		}
	}

	/**
	 * Fork the workers of all pools, a few at a time, and wait until they are ready. Does
	 * nothing if the pools are running.
	 * @throws WorkerStartException if a worker cannot start, or if meanwhile the JVM
	 * shuts down or the thread is interrupted; then no worker runs
	 * @throws io.ipcboot.pool.PoolDegradedException if workers die as soon as they are
	 * ready
	 */
	public void startPools() {
		if (hasPools()) {
			requireParent();
		}
		if (!this.started.compareAndSet(false, true)) {
			return;
		}
		this.stopped = false;
		try {
			PoolStart.of(this.pools.values().stream().map(SupervisedPool::newRun).toList());
			requireRunning();
		}
		catch (RuntimeException ex) {
			PoolStart.awaitEnd(stop(Duration.ZERO));
			throw ex;
		}
	}

	/**
	 * Let all processes finish what they started, and kill those that take too long. No
	 * more processes are forked until {@link #startPools()} is called.
	 * @param grace how long they may take
	 * @return completes when all have ended
	 */
	public CompletableFuture<Void> stop(Duration grace) {
		return stop((pool) -> grace, (child) -> grace);
	}

	/**
	 * End all processes, unless {@link #stop} was called before, and wait until they have
	 * ended. Each has its own drain timeout. A context that cannot start stops nothing,
	 * but closes what its beans may have used.
	 */
	@Override
	public void close() {
		if (!this.stopped) {
			PoolStart.awaitEnd(stop(SupervisedPool::drainTimeout, ChildProcess::drainTimeout));
		}
	}

	private CompletableFuture<Void> stop(Function<SupervisedPool, Duration> ofPool,
			Function<ChildProcess, Duration> ofChild) {
		this.stopped = true;
		this.started.set(false);
		// workers would wait for what waits for them
		Background.EXECUTOR.execute(() -> this.processes.keySet().forEach((worker) -> worker.peer().failExiting()));
		List<CompletableFuture<?>> exits = new ArrayList<>();
		this.pools.values().forEach((pool) -> exits.add(pool.stop(ofPool.apply(pool))));
		this.children.forEach((child) -> exits.add(child.end(ofChild.apply(child))));
		return CompletableFuture.allOf(exits.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Return whether there are pools to start.
	 * @return {@code false} if none is configured
	 */
	public boolean hasPools() {
		return !pools().isEmpty();
	}

	private void requireParent() {
		if (this.role == IpcRole.WORKER) {
			throw new ForkInWorkerException();
		}
		Platform.requireSupported();
	}

	/**
	 * Presents the workers of pools, and publishes what happens to them.
	 */
	private final class PoolEvents implements PoolObserver {

		private final ForkOptions options;

		PoolEvents(ForkOptions options) {
			this.options = options;
		}

		@Override
		public void entered(Worker worker, WorkerState state) {
			if (state == WorkerState.STARTING) {
				present(worker, this.options);
			}
			publish(worker, state);
		}

		@Override
		public void assigned(Worker worker) {
			Recipients.tellAll(ChildProcessTemplate.this.observers, (observer) -> observer.assigned(worker));
		}

		@Override
		public void degraded(String pool, String reason) {
			ChildProcessTemplate.this.events.accept(new PoolDegradedEvent(pool, reason));
		}

		@Override
		public void recovered(String pool) {
			ChildProcessTemplate.this.events.accept(new PoolRecoveredEvent(pool));
		}

		@Override
		public void quarantined(String pool, QuarantinedMessage message) {
			ChildProcessTemplate.this.events.accept(new MessageQuarantinedEvent(pool, message));
		}

		@Override
		public TrafficObserver traffic() {
			return ChildProcessTemplate.this.traffic;
		}

	}

}
