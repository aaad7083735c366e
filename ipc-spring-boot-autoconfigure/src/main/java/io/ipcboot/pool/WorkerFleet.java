package io.ipcboot.pool;

import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import io.ipcboot.process.ProcessExit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Forks the members of a pool.
 */
final class WorkerFleet implements Member.Fleet {

	private static final Log logger = LogFactory.getLog(WorkerFleet.class);

	private final IntFunction<WorkerSpec> specs;

	private final WorkerObserver observer;

	WorkerFleet(IntFunction<WorkerSpec> specs, WorkerObserver observer) {
		this.specs = specs;
		this.observer = observer;
	}

	@Override
	public Member start(int slot, Consumer<Member.Event> events) {
		return Worker.start(this.specs.apply(slot), new WorkerObserver() {

			@Override
			public void entered(Worker worker, WorkerState state) {
				tell(worker, state);
				switch (state) {
					case STARTING -> {
					}
					case READY -> events.accept(new Member.Ready(worker));
					case DRAINING -> events.accept(new Member.Leaving());
					case EXITED -> events.accept(exited(worker));
				}
			}

			@Override
			public void assigned(Worker worker) {
				WorkerFleet.this.observer.assigned(worker);
			}

		});
	}

	/** Whatever it throws, the supervisor has to know too. */
	private void tell(Worker worker, WorkerState state) {
		try {
			this.observer.entered(worker, state);
		}
		catch (RuntimeException ex) {
			logger.error("An observer failed when %s became %s".formatted(worker.id(), state), ex);
		}
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
