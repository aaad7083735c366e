package io.ipcboot.channel;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Watches the time of another process. An alarm that comes late shows that this process
 * was suspended. The other process may have been suspended too, or its frames were not
 * read yet, so it gets its full time again. There is one alarm at a time. Safe for
 * concurrent use; no lock is held while an action runs.
 */
public final class PauseAwareTimer {

	/** The delay beyond which a late alarm shows a suspension of this process. */
	private static final Duration TOLERANCE = Duration.ofSeconds(1);

	private final Scheduler scheduler;

	private final LongSupplier nanoTime;

	/** Cancels the latest alarm. */
	private Runnable cancellation = () -> {
	};

	/**
	 * Identifies the latest plan, so that an alarm that went off notices that it was
	 * cancelled meanwhile.
	 */
	private long plan;

	/**
	 * Create a timer whose actions run on threads of {@link Background}.
	 */
	public PauseAwareTimer() {
		this((task, delay) -> {
			Future<?> alarm = Background.schedule(task, delay);
			return () -> alarm.cancel(false);
		}, System::nanoTime);
	}

	/**
	 * @param scheduler runs the actions
	 * @param nanoTime the clock of the scheduler
	 */
	public PauseAwareTimer(Scheduler scheduler, LongSupplier nanoTime) {
		this.scheduler = scheduler;
		this.nanoTime = nanoTime;
	}

	/**
	 * Run an action after a delay, in place of any earlier plan. After a suspension the
	 * delay begins again, and is at least one second.
	 * @param action the action
	 * @param delay the delay
	 */
	public synchronized void schedule(Runnable action, Duration delay) {
		cancel();
		runOnce(this.plan, action, delay);
	}

	private void runOnce(long number, Runnable action, Duration delay) {
		setAlarm(number, this.nanoTime.getAsLong(), delay, TOLERANCE, (now, suspension) -> {
			if (suspension.isZero()) {
				action.run();
			}
			else {
				runOnce(number, action, (delay.compareTo(TOLERANCE) > 0) ? delay : TOLERANCE);
			}
		});
	}

	/**
	 * Run an action at an interval until the timer is cancelled, in place of any earlier
	 * plan. The interval counts from the beginning of the action, so that a suspension in
	 * the midst of the action is noticed too.
	 * @param action the action; its argument is the time for which this process was
	 * suspended since the last run, or zero
	 * @param interval the interval; missing a whole interval is a suspension
	 */
	public synchronized void repeat(Consumer<Duration> action, Duration interval) {
		cancel();
		runAgain(this.plan, this.nanoTime.getAsLong(), action, interval);
	}

	private void runAgain(long number, long from, Consumer<Duration> action, Duration interval) {
		setAlarm(number, from, interval, interval, (now, suspension) -> {
			try {
				action.accept(suspension);
			}
			finally {
				runAgain(number, now, action, interval);
			}
		});
	}

	private synchronized void setAlarm(long number, long from, Duration delay, Duration tolerance, Reaction reaction) {
		if (number == this.plan) {
			long expected = from + TimeUnit.NANOSECONDS.convert(delay);
			long left = Math.max(0, expected - this.nanoTime.getAsLong());
			this.cancellation = this.scheduler.schedule(() -> {
				if (isInForce(number)) {
					long now = this.nanoTime.getAsLong();
					long late = now - expected;
					reaction.react(now,
							(late > TimeUnit.NANOSECONDS.convert(tolerance)) ? Duration.ofNanos(late) : Duration.ZERO);
				}
			}, Duration.ofNanos(left));
		}
	}

	private synchronized boolean isInForce(long number) {
		return number == this.plan;
	}

	/**
	 * Cancel the planned action. An action that is already running goes on.
	 */
	public synchronized void cancel() {
		this.plan++;
		this.cancellation.run();
	}

	/**
	 * Runs tasks later.
	 */
	@FunctionalInterface
	public interface Scheduler {

		/**
		 * Run a task after a delay.
		 * @param task the task
		 * @param delay the delay
		 * @return cancels the task
		 */
		Runnable schedule(Runnable task, Duration delay);

	}

	private interface Reaction {

		void react(long now, Duration suspension);

	}

}
