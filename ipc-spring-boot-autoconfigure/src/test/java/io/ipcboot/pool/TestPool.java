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
import io.ipcboot.messaging.ScriptedExchange;
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

	/** What the pool has told its observer. */
	final List<String> events = new ArrayList<>();

	final List<ScriptedExchange> admitted = new ArrayList<>();

	private @Nullable Operation operation;

	private @Nullable Quarantine quarantine;

	/** Start, without any member getting ready. */
	CompletableFuture<Void> start() {
		PoolSettings built = this.settings.build();
		this.quarantine = new Quarantine(built.quarantine(), this.loop::nanoTime);
		this.operation = new Operation("test", built, this.sendTimeout, this.fleet, this.loop, this.quarantine, this);
		CompletableFuture<Void> started = this.operation.start();
		this.loop.run();
		return started;
	}

	/** Start, and let all members get ready. */
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

	/** Let all members get ready that start, and those that start because of it. */
	void readyAll() {
		while (!this.fleet.starting().isEmpty()) {
			this.fleet.starting().get(0).ready();
		}
	}

	/** Let all members leave that were told to. */
	void leaveAll() {
		while (!this.fleet.leaving().isEmpty()) {
			this.fleet.leaving().get(0).leave();
		}
	}

	Operation operation() {
		assertThat(this.operation).isNotNull();
		return this.operation;
	}

	Quarantine quarantine() {
		assertThat(this.quarantine).isNotNull();
		return this.quarantine;
	}

	ScriptedExchange call() {
		return call("call", null);
	}

	ScriptedExchange call(String payload, @Nullable String key) {
		return submit(ScriptedExchange.call(payload, key, false, operation().traffic()));
	}

	ScriptedExchange callTo(String destination) {
		return submit(ScriptedExchange.callTo(destination, operation().traffic()));
	}

	ScriptedExchange idempotentCall(String payload) {
		return submit(ScriptedExchange.call(payload, null, true, operation().traffic()));
	}

	ScriptedExchange message(String payload) {
		return submit(ScriptedExchange.message(payload, null, operation().traffic()));
	}

	/** Hand something over. */
	ScriptedExchange handle(@Nullable String key) {
		try (RandomAccessFile file = new RandomAccessFile("/dev/null", "r")) {
			return submit(ScriptedExchange.handle(Handle.share(file), key, operation().traffic()));
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

	/** Submit, as {@code Exchanges} does. */
	private ScriptedExchange submit(ScriptedExchange exchange) {
		this.fleet.add(exchange);
		try {
			operation().traffic().submit(exchange.exchange());
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
		return done(operation().snapshot());
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
	public void quarantined(String pool, Quarantine.Entry message) {
		this.events.add("quarantined");
	}

	@Override
	public void entered(Worker worker, WorkerState state) {
		throw new IllegalStateException("There are no processes");
	}

}
