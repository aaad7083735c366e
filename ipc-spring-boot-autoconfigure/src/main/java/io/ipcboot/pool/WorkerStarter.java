package io.ipcboot.pool;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

import io.ipcboot.channel.PeerId;
import io.ipcboot.process.ProcessExit;

/**
 * Starts the workers of a pool on other threads, so that the supervisor's loop is not
 * held up, and reports on the loop which states the workers enter.
 */
final class WorkerStarter {

	/** The ends of workers of which something has yet to be removed. */
	private final Set<CompletableFuture<ProcessExit>> ends = ConcurrentHashMap.newKeySet();

	/**
	 * How long a worker that is not ready keeps others from starting. It probably waits
	 * for something else than a processor, perhaps for a worker of another pool.
	 */
	static final Duration MAX_TURN = Duration.ofSeconds(30);

	private final String pool;

	private final Source source;

	private final SupervisorLoop loop;

	private final StartQueue queue;

	/**
	 * @param specs returns how to start the worker of a slot, or a spare if the slot is
	 * -1
	 * @param observer observes every state before the loop does
	 */
	WorkerStarter(String pool, IntFunction<WorkerSpec> specs, WorkerObserver observer, SupervisorLoop loop,
			StartQueue queue) {
		this.pool = pool;
		this.source = (slot, states) -> Worker.start(specs.apply(slot), reporting(observer, states));
		this.loop = loop;
		this.queue = queue;
	}

	WorkerStarter(String pool, Source source, SupervisorLoop loop, StartQueue queue) {
		this.pool = pool;
		this.source = source;
		this.loop = loop;
		this.queue = queue;
	}

	private WorkerObserver reporting(WorkerObserver observer, BiConsumer<PooledWorker, WorkerState> states) {
		return new WorkerObserver() {

			@Override
			public void entered(Worker worker, WorkerState state) {
				try {
					if (state == WorkerState.EXITED) {
						remember(worker.onExit());
					}
					observer.entered(worker, state);
				}
				finally {
					states.accept(worker, state);
				}
			}

			@Override
			public void assigned(Worker worker) {
				observer.assigned(worker);
			}

		};
	}

	private void remember(CompletableFuture<ProcessExit> end) {
		this.ends.add(end);
		end.thenRun(() -> this.ends.remove(end));
	}

	/**
	 * Return a future that completes when nothing is left of the workers that ended.
	 */
	CompletableFuture<Void> onRemoved() {
		return CompletableFuture.allOf(this.ends.toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Start a worker when it is its turn. Returns at once.
	 * @param first whether the worker replaces one that died
	 */
	void launch(PoolEntry entry, boolean first, EntryObserver observer) {
		entry.turn = this.queue.enter(first, () -> this.loop.execute(() -> begin(entry, observer)));
	}

	/**
	 * Forget a worker whose turn has not come. If it has, nothing happens.
	 */
	void withdraw(PoolEntry entry, EntryObserver observer) {
		if (entry.turn != null && entry.turn.cancel()) {
			this.loop.execute(() -> observer.exited(entry, withdrawn(entry)));
		}
	}

	private WorkerExit withdrawn(PoolEntry entry) {
		return WorkerExit.notForked(new WorkerStartException(new PeerId(this.pool, slotOf(entry), -1),
				"it was told to leave before its process was forked", null));
	}

	private static int slotOf(PoolEntry entry) {
		return (entry.slot != null) ? entry.slot.number : -1;
	}

	private void begin(PoolEntry entry, EntryObserver observer) {
		if (entry.isDismissed()) {
			exited(entry, withdrawn(entry), observer);
			return;
		}
		int slot = slotOf(entry);
		try {
			entry.turnLimit = this.loop.schedule(() -> endTurn(entry), MAX_TURN);
			this.loop.offload(() -> start(entry, slot, observer));
		}
		catch (RuntimeException | Error ex) {
			failed(entry, slot, ex, observer);
		}
	}

	private void start(PoolEntry entry, int slot, EntryObserver observer) {
		try {
			PooledWorker worker = this.source.start(slot,
					(reported, state) -> report(entry, reported, state, observer));
			this.loop.execute(() -> observer.begun(entry, worker));
		}
		catch (RuntimeException | Error ex) {
			failed(entry, slot, ex, observer);
		}
	}

	/** Let another worker start, which may belong to another pool. */
	private static void endTurn(PoolEntry entry) {
		if (entry.turn != null) {
			entry.turn.end();
		}
		if (entry.turnLimit != null) {
			entry.turnLimit.cancel();
		}
	}

	private void report(PoolEntry entry, PooledWorker worker, WorkerState state, EntryObserver observer) {
		switch (state) {
			case STARTING -> {
				// reported when the whole start has succeeded
			}
			case READY -> this.loop.execute(() -> {
				endTurn(entry);
				observer.ready(entry, worker);
			});
			case DRAINING -> this.loop.execute(() -> observer.leaving(entry));
			case EXITED -> {
				WorkerExit exit = Objects.requireNonNull(worker.exit());
				this.loop.execute(() -> exited(entry, exit, observer));
			}
		}
	}

	private void failed(PoolEntry entry, int slot, Throwable problem, EntryObserver observer) {
		WorkerStartException failure = (problem instanceof WorkerStartException known) ? known
				: new WorkerStartException(new PeerId(this.pool, slot, -1), "the start failed: " + problem, problem);
		this.loop.execute(() -> exited(entry, WorkerExit.notForked(failure), observer));
	}

	private static void exited(PoolEntry entry, WorkerExit exit, EntryObserver observer) {
		endTurn(entry);
		observer.exited(entry, exit);
	}

	/**
	 * Forks workers; a test substitutes its own.
	 */
	@FunctionalInterface
	interface Source {

		/**
		 * Start a worker, without waiting for it to be ready.
		 * @param slot its slot, -1 for a spare
		 * @param states observes which states the worker enters, on any thread
		 * @throws WorkerStartException if the operating system refuses
		 */
		PooledWorker start(int slot, BiConsumer<PooledWorker, WorkerState> states);

	}

	/**
	 * Observes workers on the loop.
	 */
	interface EntryObserver {

		/** Called when the process of a worker runs. */
		void begun(PoolEntry entry, PooledWorker worker);

		/** Called when a worker takes messages. */
		void ready(PoolEntry entry, PooledWorker worker);

		/** Called when a worker leaves by itself. */
		void leaving(PoolEntry entry);

		/** Called when a worker ended, or could not be started. */
		void exited(PoolEntry entry, WorkerExit exit);

	}

}
