package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.ExchangeSender;
import org.jspecify.annotations.Nullable;

/**
 * Sends waiting messages as soon as workers have room. One thread at a time does so, to
 * keep the order, and a worker that does not read never holds up that thread. Safe for
 * concurrent use; nothing is sent while the lock of the {@link PoolRouter} is held.
 */
final class Forwarder {

	private final SpinThenParkLock lock;

	private final ReadyWorkers readyWorkers;

	private final WaitingQueue waiting;

	private final SupervisorLoop loop;

	private final BiConsumer<WorkerLoad, Exchange> transmission;

	private final Consumer<Duration> waited;

	private final Runnable atEnd;

	/**
	 * Whether a thread sends; written with the lock held, or by the sending thread when
	 * it fails.
	 */
	private volatile boolean pumping;

	/**
	 * @param transmission sends a message to the worker at which it was placed
	 * @param waited told how long each message has waited, if that is measured
	 * @param atEnd run when everything that workers have room for was sent
	 */
	Forwarder(SpinThenParkLock lock, ReadyWorkers readyWorkers, WaitingQueue waiting, SupervisorLoop loop,
			BiConsumer<WorkerLoad, Exchange> transmission, Consumer<Duration> waited, Runnable atEnd) {
		this.lock = lock;
		this.readyWorkers = readyWorkers;
		this.waiting = waiting;
		this.loop = loop;
		this.transmission = transmission;
		this.waited = waited;
		this.atEnd = atEnd;
	}

	/**
	 * Return whether a thread is sending waiting messages. To be called with the lock
	 * held.
	 */
	boolean isPumping() {
		return this.pumping;
	}

	/**
	 * Make the current thread the one that sends waiting messages; it calls {@link #run}
	 * next. To be called with the lock held.
	 * @return {@code false} if another thread does so already
	 */
	boolean claim() {
		boolean free = !this.pumping;
		this.pumping = true;
		return free;
	}

	/**
	 * Send waiting messages, as far as workers have room.
	 */
	void pump() {
		if (this.lock.hold(this::claim)) {
			run();
		}
	}

	/**
	 * Send waiting messages on another thread.
	 */
	void pumpElsewhere() {
		this.loop.offload(this::pump);
	}

	/**
	 * Send waiting messages on the thread that claimed to.
	 */
	void run() {
		boolean finished = false;
		try {
			Placed next;
			while ((next = next()) != null) {
				forward(next);
			}
			// from here on another thread may claim to send
			finished = true;
			watchCongested();
			this.atEnd.run();
		}
		finally {
			if (!finished) {
				// or no thread would ever send again
				this.pumping = false;
			}
		}
	}

	private void forward(Placed placed) {
		try {
			this.transmission.accept(placed.load(), placed.exchange());
		}
		catch (RuntimeException | Error ex) {
			ExchangeSender.failAll(List.of(placed.exchange()), () -> ex);
		}
		if (placed.time() != null) {
			this.waited.accept(placed.time());
		}
	}

	/**
	 * Place the next message that waits at a worker.
	 * @return {@code null} if no message waits or no worker has room; then another thread
	 * may claim to send
	 */
	private @Nullable Placed next() {
		return this.lock.hold(() -> {
			Placed next = this.waiting.serve(this::place);
			this.pumping = (next != null);
			return next;
		});
	}

	private @Nullable Placed place(Exchange exchange) {
		WorkerLoad load = this.readyWorkers.place(exchange);
		return (load != null) ? new Placed(exchange, load, this.waiting.timeOf(exchange)) : null;
	}

	/**
	 * Send waiting messages once the workers that kept them waiting read again.
	 */
	void watchCongested() {
		for (WorkerLoad load : this.lock
			.hold(() -> this.waiting.isEmpty() ? List.<WorkerLoad>of() : this.readyWorkers.congested())) {
			load.worker().onWritable().thenRun(() -> {
				this.lock.hold(load::unwatch);
				pumpElsewhere();
			});
		}
	}

	/** A message, the worker that gets it, and how long it has waited, if known. */
	private record Placed(Exchange exchange, WorkerLoad load, @Nullable Duration time) {

	}

}
