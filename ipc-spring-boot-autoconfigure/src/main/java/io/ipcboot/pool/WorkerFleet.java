package io.ipcboot.pool;

import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * Forks the members of a pool.
 */
final class WorkerFleet implements Member.Fleet {

	private final IntFunction<WorkerSpec> specs;

	private final WorkerObserver observer;

	WorkerFleet(IntFunction<WorkerSpec> specs, WorkerObserver observer) {
		this.specs = specs;
		this.observer = observer;
	}

	@Override
	public Member start(int slot, Consumer<Member.Event> events) {
		return Worker.start(this.specs.apply(slot), (worker, state) -> {
			this.observer.entered(worker, state);
			switch (state) {
				case STARTING -> {
				}
				case READY -> events.accept(new Member.Ready(worker));
				case DRAINING -> events.accept(new Member.Leaving());
				case EXITED -> events.accept(exited(worker));
			}
		});
	}

	private static Member.Exited exited(Worker worker) {
		ProcessExit exit = worker.exit();
		return new Member.Exited(worker.hasLeftInOrder(), (exit != null) ? exit.describeWithOutput() : "ended",
				startFailure(worker));
	}

	private static @Nullable WorkerStartException startFailure(Worker worker) {
		try {
			// complete, as the worker has ended
			worker.onReady().join();
			return null;
		}
		catch (CompletionException ex) {
			return (ex.getCause() instanceof WorkerStartException failure) ? failure : null;
		}
	}

}
