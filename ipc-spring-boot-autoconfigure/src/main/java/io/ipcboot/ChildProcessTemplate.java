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
import java.util.function.Consumer;

import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Platform;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeOwner;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.Route;
import io.ipcboot.pool.PoolObserver;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.Quarantine;
import io.ipcboot.pool.RolloutResult;
import io.ipcboot.pool.Worker;
import io.ipcboot.pool.WorkerObserver;
import io.ipcboot.pool.WorkerPool;
import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ForkedProcess;

import org.springframework.context.ApplicationEvent;

/**
 * Forks processes, and sends messages and calls to pools of workers. Safe for use by
 * several threads.
 */
public class ChildProcessTemplate implements ChildProcessOperations {

	private final Map<String, Pool> pools = new LinkedHashMap<>();

	private final Set<ChildProcess> children = ConcurrentHashMap.newKeySet();

	private final IpcRole role;

	private final ForkDefaults defaults;

	private final ListenerMethods methods;

	private final Map<Worker, ChildProcess> processes = new ConcurrentHashMap<>();

	private final Consumer<ApplicationEvent> events;

	private final List<WorkerObserver> observers = new CopyOnWriteArrayList<>();

	private final Launcher launcher;

	private volatile boolean stopped;

	/**
	 * Create a template.
	 * @param role the role of this process; a worker cannot fork
	 * @param defaults what a fork takes from this application
	 * @param methods finds listeners
	 * @param events gets an event for every transition of a worker or pool; must not
	 * block
	 * @param pools the pools; they are started by {@link #startPools()}
	 */
	public ChildProcessTemplate(IpcRole role, ForkDefaults defaults, ListenerMethods methods,
			Consumer<ApplicationEvent> events, Collection<PoolOptions> pools) {
		this.role = role;
		this.defaults = defaults;
		this.methods = methods;
		this.events = events;
		this.launcher = new Launcher(defaults);
		pools.forEach((options) -> this.pools.put(options.name(), new Pool(options)));
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
		to(pool);
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
		return (this.role == IpcRole.PARENT) ? Collections.unmodifiableSet(this.pools.keySet()) : Set.of();
	}

	@Override
	public PoolOperations pool(String pool) {
		requireParent();
		Pool found = this.pools.get(pool);
		if (found == null) {
			throw new IllegalArgumentException("There is no pool '%s'; set 'ipc.pools.%s.size'. There is: %s"
				.formatted(pool, pool, this.pools.keySet()));
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
			throw new WorkerStartException(child.id(), "interrupted while waiting until it is ready; it is killed", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof WorkerStartException failure) {
				failure.setStackTrace(new Throwable().getStackTrace());
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
			throw new IllegalStateException("This application shuts down, and forks no more processes");
		}
	}

	private ChildProcess startWorker(ForkOptions options) {
		ListenerRegistry listeners = new ListenerRegistry(this.defaults.listeners());
		CompletableFuture<ChildProcess> child = new CompletableFuture<>();
		Worker.start(this.launcher.worker(options, null, -1, listeners), (worker, state) -> {
			if (state == WorkerState.STARTING) {
				child.complete(present(worker, options, listeners));
			}
			publish(worker, state);
		});
		return child.join();
	}

	private ChildProcess present(Worker worker, ForkOptions options, ListenerRegistry listeners) {
		Exchanges exchanges = new Exchanges(this.defaults.converter(), this.defaults.limits().maxFrameSize(),
				this.defaults.callTimeout(), ExchangeOwner.NONE, worker);
		ChildProcess child = new ChildProcess(worker.process(), options.killSignal,
				new ChildProcess.Channel(worker, exchanges, listeners, this.methods));
		this.processes.put(worker, child);
		return child;
	}

	/**
	 * Be told of every transition in the life of every worker at once and in order, which
	 * events are not.
	 * @param observer the observer; must not block
	 */
	public void observe(WorkerObserver observer) {
		this.observers.add(observer);
	}

	private void publish(Worker worker, WorkerState state) {
		this.observers.forEach((observer) -> observer.entered(worker, state));
		ChildProcess child = (state == WorkerState.EXITED) ? this.processes.remove(worker) : this.processes.get(worker);
		if (child != null) {
			this.events.accept(switch (state) {
				case STARTING -> new WorkerStartingEvent(child);
				case READY -> new WorkerReadyEvent(child);
				case DRAINING -> new WorkerDrainingEvent(child);
				case EXITED -> new WorkerExitedEvent(child, worker.exit(), worker.lossCause());
			});
		}
	}

	private ChildProcess startProgram(ForkOptions options) {
		try {
			return new ChildProcess(ForkedProcess.start(this.launcher.program(options)), options.killSignal, null);
		}
		catch (IOException ex) {
			throw new WorkerStartException(PeerId.process(-1), "the process could not be forked: " + ex.getMessage(),
					ex);
		}
	}

	/**
	 * Fork the workers of all pools at once and wait until they are ready.
	 * @throws WorkerStartException if one of them cannot start, or if meanwhile the JVM
	 * shuts down or the thread is interrupted; then none of them runs
	 * @throws io.ipcboot.pool.PoolDegradedException if they die as soon as they are ready
	 */
	public void startPools() {
		if (hasPools()) {
			requireParent();
		}
		this.stopped = false;
		try {
			PoolStart.of(this.pools.values().stream().map((pool) -> pool.workers).toList());
			requireRunning();
		}
		catch (RuntimeException ex) {
			PoolStart.awaitEnd(stop(Duration.ZERO));
			throw ex;
		}
	}

	/**
	 * Let all processes finish what they have started, and end those that take too long.
	 * No more processes are forked until {@link #startPools()} is called.
	 * @param grace how long they may take
	 * @return completes when all have ended
	 */
	public CompletableFuture<Void> stop(Duration grace) {
		this.stopped = true;
		List<CompletableFuture<?>> exits = new ArrayList<>();
		this.pools.values().forEach((pool) -> exits.add(pool.workers.stop(grace)));
		this.children.forEach((child) -> exits.add(child.end(grace)));
		return CompletableFuture.allOf(exits.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Whether there are pools to start.
	 * @return {@code false} if none is configured
	 */
	public boolean hasPools() {
		return !this.pools.isEmpty();
	}

	private void requireParent() {
		if (this.role == IpcRole.WORKER) {
			throw new ForkInWorkerException();
		}
		Platform.requireSupported();
	}

	private final class Pool implements PoolOperations, PoolObserver, Route {

		private final WorkerPool workers;

		private final Exchanges exchanges;

		private final ForkOptions options;

		private final ListenerRegistry listeners;

		Pool(PoolOptions pool) {
			ForkDefaults inherited = ChildProcessTemplate.this.defaults;
			Launcher starter = ChildProcessTemplate.this.launcher;
			this.options = pool.fork();
			this.listeners = new ListenerRegistry(inherited.listeners());
			this.options.concurrency(pool.settings().concurrency());
			this.workers = new WorkerPool(pool.name(), pool.settings(), inherited.limits().sendTimeout(),
					(slot) -> starter.worker(this.options, pool.name(), slot, this.listeners), this);
			Duration timeout = pool.settings().callTimeout();
			this.exchanges = new Exchanges(inherited.converter(), inherited.limits().maxFrameSize(),
					(timeout != null) ? timeout : inherited.callTimeout(), this.workers, this);
		}

		@Override
		public boolean isWritable() {
			return this.workers.isWritable();
		}

		@Override
		public void entered(Worker worker, WorkerState state) {
			if (state == WorkerState.STARTING) {
				present(worker, this.options, this.listeners);
			}
			publish(worker, state);
		}

		@Override
		public void assigned(Worker worker) {
			ChildProcessTemplate.this.observers.forEach((observer) -> observer.assigned(worker));
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
		public void quarantined(String pool, Quarantine.Entry message) {
			ChildProcessTemplate.this.events.accept(new MessageQuarantinedEvent(pool, message));
		}

		@Override
		public void requireOpen() {
			this.workers.requireRunning();
		}

		@Override
		public void transmit(Exchange exchange) {
			this.workers.submit(exchange);
		}

		@Override
		public MessageSpec destination(String destination) {
			return new MessageSpec(this.exchanges, destination);
		}

		@Override
		public CompletableFuture<Void> resize(int size) {
			return this.workers.resize(size);
		}

		@Override
		public CompletableFuture<RolloutResult> restart() {
			return this.workers.restart();
		}

		@Override
		public CompletableFuture<Boolean> drain(int slot) {
			return this.workers.drain(slot);
		}

		@Override
		public CompletableFuture<Boolean> recycle(int slot, String reason) {
			return this.workers.recycle(slot, reason);
		}

		@Override
		public CompletableFuture<Boolean> kill(int slot) {
			return this.workers.kill(slot);
		}

		@Override
		public boolean release(String id) {
			return this.workers.release(id);
		}

		@Override
		public CompletableFuture<PoolSnapshot> snapshot() {
			return this.workers.snapshot();
		}

	}

}
