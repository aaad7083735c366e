package io.ipcboot.pool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.IpcException;
import io.ipcboot.handle.Handle;
import io.ipcboot.messaging.CallChain;
import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool in operation without any process, in a time of its own.
 */
final class TestPool implements PoolObserver {

	final TestSettings settings = new TestSettings();

	final TestLoop loop = new TestLoop();

	final TestFleet fleet = new TestFleet(this.loop);

	Duration sendTimeout = Duration.ZERO;

	/** Lets all workers start at once. */
	StartQueue queue = new StartQueue(Integer.MAX_VALUE);

	/** What the pool has told its observer. */
	final List<String> events = new ArrayList<>();

	TrafficObserver traffic = TrafficObserver.NONE;

	final List<ScriptedExchange> admitted = new ArrayList<>();

	private @Nullable WorkerPool workers;

	private @Nullable Quarantine quarantine;

	/** Create the run of a pool, which does not start yet. */
	WorkerPool create() {
		PoolSettings built = this.settings.build();
		this.quarantine = new Quarantine("test", built.quarantine(), this.loop::nanoTime);
		this.workers = new WorkerPool("test", built, this.sendTimeout,
				new WorkerStarter("test", this.fleet, this.loop, this.queue), this.loop, this.quarantine, this);
		return this.workers;
	}

	/** Start, without any worker getting ready. */
	CompletableFuture<Void> start() {
		CompletableFuture<Void> started = create().begin();
		this.loop.run();
		return started;
	}

	/** Start, and let all workers get ready. */
	TestPool started() {
		CompletableFuture<Void> started = start();
		readyAll();
		assertThat(started).isCompleted();
		return this;
	}

	TestPool started(int size) {
		this.settings.size(size);
		return started();
	}

	/** Let all workers get ready that start, and those that start because of it. */
	void readyAll() {
		while (!this.fleet.starting().isEmpty()) {
			this.fleet.starting().get(0).ready();
		}
	}

	/** Let all workers leave that were told to. */
	void leaveAll() {
		while (!this.fleet.leaving().isEmpty()) {
			this.fleet.leaving().get(0).leave();
		}
	}

	WorkerPool workers() {
		assertThat(this.workers).isNotNull();
		return this.workers;
	}

	Quarantine quarantine() {
		assertThat(this.quarantine).isNotNull();
		return this.quarantine;
	}

	ScriptedExchange call() {
		return call("call", null);
	}

	ScriptedExchange call(String payload, @Nullable String key) {
		return submit(ScriptedExchange.call(payload, key, false, workers().router()));
	}

	ScriptedExchange callTo(String destination) {
		return submit(ScriptedExchange.callTo(destination, workers().router()));
	}

	ScriptedExchange callWithin(CallChain chain, String destination, @Nullable String key) {
		return submit(ScriptedExchange.callWithin(chain, destination, key, workers().router()));
	}

	ScriptedExchange idempotentCall(String payload) {
		return submit(ScriptedExchange.call(payload, null, true, workers().router()));
	}

	ScriptedExchange message(String payload) {
		return submit(ScriptedExchange.message(payload, null, workers().router()));
	}

	/** Hand something over. */
	ScriptedExchange handle(@Nullable String key) {
		try (RandomAccessFile file = new RandomAccessFile("/dev/null", "r")) {
			return submit(ScriptedExchange.handle(Handle.share(file), key, workers().router()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<ScriptedExchange> calls(int count) {
		List<ScriptedExchange> calls = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			calls.add(call("call " + i, null));
		}
		return calls;
	}

	List<ScriptedExchange> messages(int count) {
		List<ScriptedExchange> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			messages.add(message("message " + i));
		}
		return messages;
	}

	/** Submit, as {@code ExchangeSender} does. */
	private ScriptedExchange submit(ScriptedExchange exchange) {
		this.fleet.add(exchange);
		try {
			workers().router().transmit(exchange.exchange());
		}
		catch (IpcException ex) {
			exchange.exchange().fail(ex);
			this.loop.run();
			throw ex;
		}
		this.admitted.add(exchange);
		this.loop.run();
		return exchange;
	}

	PoolSnapshot snapshot() {
		return done(workers().snapshot());
	}

	SlotSnapshot slot(int number) {
		return snapshot().slots().get(number);
	}

	void advance(Duration time) {
		this.loop.advance(time);
	}

	<T extends @Nullable Object> T done(CompletableFuture<T> future) {
		this.loop.run();
		assertThat(future).isCompleted();
		return future.join();
	}

	@Override
	public void degraded(String pool, String reason) {
		this.events.add("degraded");
	}

	@Override
	public void recovered(String pool) {
		this.events.add("recovered");
	}

	@Override
	public void quarantined(String pool, QuarantinedMessage message) {
		this.events.add("quarantined");
	}

	@Override
	public TrafficObserver traffic() {
		return this.traffic;
	}

	@Override
	public void entered(Worker worker, WorkerState state) {
		throw new IllegalStateException("There are no processes");
	}

}
