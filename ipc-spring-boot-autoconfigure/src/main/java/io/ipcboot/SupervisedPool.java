package io.ipcboot;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.Route;
import io.ipcboot.pool.PoolClosedException;
import io.ipcboot.pool.PoolObserver;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.PoolState;
import io.ipcboot.pool.Quarantine;
import io.ipcboot.pool.RollingRestartResult;
import io.ipcboot.pool.StartQueue;
import io.ipcboot.pool.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * A pool of this process, which may be started and stopped several times.
 */
final class SupervisedPool implements PoolOperations {

	private final PoolOptions options;

	private final ForkOptions fork;

	private final ForkDefaults defaults;

	private final WorkerSpecFactory specs;

	private final WorkerQuota quota;

	private final StartQueue queue;

	/** The listeners for the messages of all workers, behind those of each worker. */
	private final ListenerRegistry listeners;

	private final ListenerMethods methods;

	private final PoolObserver observer;

	private final Quarantine quarantine;

	/** The latest run, or {@code null} before the first one. */
	private volatile @Nullable WorkerPool run;

	private volatile ExchangeSender sender;

	/** Sends to the run that is the latest when a message is sent. */
	private final Supplier<ExchangeSender> latestSender = () -> this.sender;

	/**
	 * @throws TooManyWorkersException if the quota has no room for the pool's workers
	 */
	SupervisedPool(PoolOptions options, ForkDefaults defaults, WorkerSpecFactory specs, WorkerQuota quota,
			StartQueue queue, ListenerRegistry listeners, ListenerMethods methods, PoolObserver observer) {
		this.options = options;
		this.fork = options.fork();
		this.defaults = defaults;
		this.specs = specs;
		this.quota = quota;
		this.queue = queue;
		this.listeners = listeners;
		this.methods = methods;
		this.observer = observer;
		this.quarantine = Quarantine.of(options.name(), options.settings());
		this.sender = senderOn(new ClosedRoute(options.name()));
		claim(options.settings().size());
	}

	private void claim(int size) {
		this.quota.claim(this.options.name(), size, this.options.settings());
	}

	WorkerPool newRun() {
		String name = this.options.name();
		claim(this.options.settings().size());
		WorkerPool next = new WorkerPool(name, this.options.settings(), this.defaults.limits().sendTimeout(),
				(slot) -> this.specs.worker(this.fork, name, slot, new ListenerRegistry(this.listeners)), this.queue,
				this.quarantine, this.observer);
		this.run = next;
		this.sender = senderOn(next.route());
		return next;
	}

	private ExchangeSender senderOn(Route route) {
		return new ExchangeSender(this.defaults.converter(), this.defaults.limits().maxFrameSize(),
				this.defaults.callTimeout(this.options.settings()), route, this.defaults.interceptors());
	}

	/** Return what sends to the latest run. */
	ExchangeSender sender() {
		return this.sender;
	}

	private WorkerPool run() {
		WorkerPool latest = this.run;
		if (latest == null) {
			throw new PoolClosedException(this.options.name());
		}
		return latest;
	}

	Duration drainTimeout() {
		return this.options.settings().drainTimeout();
	}

	CompletableFuture<?> stop(Duration grace) {
		WorkerPool latest = this.run;
		return (latest != null) ? latest.stop(grace) : CompletableFuture.completedFuture(null);
	}

	@Override
	public boolean isWritable() {
		WorkerPool latest = this.run;
		return latest != null && latest.isWritable();
	}

	@Override
	public MessageSpec destination(String destination) {
		return new MessageSpec(this.latestSender, destination);
	}

	@Override
	public <T extends @Nullable Object> PoolOperations answer(String destination, Class<T> type,
			Function<T, @Nullable Object> listener) {
		this.listeners.add(destination, new CallbackListener<>(destination, type, listener));
		return this;
	}

	@Override
	public PoolOperations listen(Object handlers) {
		this.methods.register(handlers, this.listeners);
		return this;
	}

	@Override
	public CompletableFuture<Void> resize(int size) {
		WorkerPool latest = run();
		claim(size);
		return latest.resize(size);
	}

	@Override
	public CompletableFuture<RollingRestartResult> restart() {
		return run().restart();
	}

	@Override
	public CompletableFuture<Boolean> drain(int slot) {
		return run().drain(slot);
	}

	@Override
	public CompletableFuture<Boolean> recycle(int slot, String reason) {
		return run().recycle(slot, reason);
	}

	@Override
	public CompletableFuture<Boolean> kill(int slot) {
		return run().kill(slot);
	}

	@Override
	public CompletableFuture<@Nullable String> printThreads(int slot) {
		return run().printThreads(slot);
	}

	@Override
	public boolean release(String id) {
		return this.quarantine.release(id);
	}

	@Override
	public CompletableFuture<PoolSnapshot> snapshot() {
		WorkerPool latest = this.run;
		PoolSettings settings = this.options.settings();
		return (latest != null) ? latest.snapshot()
				: CompletableFuture.completedFuture(new PoolSnapshot(this.options.name(), PoolState.STOPPING, null,
						List.of(), 0, 0, settings.queueCapacity(), 0, List.of(), null));
	}

	/**
	 * The route to a pool before its first start.
	 */
	private record ClosedRoute(String pool) implements Route {

		@Override
		public void transmit(Exchange exchange) {
			requireOpen();
		}

		@Override
		public void forward(Exchange exchange) {
			requireOpen();
		}

		@Override
		public void requireOpen() {
			throw new PoolClosedException(this.pool);
		}

	}

}
