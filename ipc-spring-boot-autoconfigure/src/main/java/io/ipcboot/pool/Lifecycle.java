package io.ipcboot.pool;

import java.time.Duration;
import java.util.EnumSet;
import java.util.function.Consumer;

import io.ipcboot.process.ProcessExit;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Where a worker is in its life. The only place where that changes: each transition is
 * logged, and the observer is told, in order.
 */
final class Lifecycle {

	private static final Log logger = LogFactory.getLog(Worker.class);

	private final long started = System.nanoTime();

	private final Worker worker;

	private final WorkerObserver observer;

	private volatile WorkerState state = WorkerState.STARTING;

	Lifecycle(Worker worker, WorkerObserver observer) {
		this.worker = worker;
		this.observer = observer;
	}

	WorkerState state() {
		return this.state;
	}

	/** The process runs. */
	void begin() {
		announce(WorkerState.STARTING);
	}

	/**
	 * Go on to another state. The observer is told under the lock, so that it sees the
	 * states in order.
	 * @return {@code false} if the worker is that far already
	 */
	synchronized boolean enter(WorkerState next) {
		if (next.compareTo(this.state) <= 0) {
			return false;
		}
		this.state = next;
		announce(next);
		return true;
	}

	/** The worker was a spare, and has a slot now. */
	void assigned() {
		tell((told) -> told.assigned(this.worker), "got its slot");
	}

	private synchronized void announce(WorkerState entered) {
		if (logger.isInfoEnabled()) {
			long millis = Duration.ofNanos(System.nanoTime() - this.started).toMillis();
			ProcessExit ended = this.worker.exit();
			logger.info(this.worker.id() + " is " + entered + " after " + millis + " ms"
					+ ((ended != null) ? ": it " + ended.describe() + cause() : ""));
		}
		tell((told) -> told.entered(this.worker, entered), "became " + entered);
	}

	/** What the signal or code of its end does not say. */
	private String cause() {
		LossCause cause = this.worker.lossCause();
		boolean obvious = cause == null
				|| EnumSet.of(LossCause.KILLED, LossCause.EXITED, LossCause.START_FAILED).contains(cause);
		return obvious ? "" : " (" + cause + ")";
	}

	private void tell(Consumer<WorkerObserver> event, String what) {
		try {
			event.accept(this.observer);
		}
		catch (RuntimeException ex) {
			logger.error("An observer failed when " + this.worker.id() + " " + what, ex);
		}
	}

}
