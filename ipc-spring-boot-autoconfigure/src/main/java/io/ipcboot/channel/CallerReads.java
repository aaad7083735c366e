package io.ipcboot.channel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Lets a thread that makes one call after the other read the outcomes itself, which saves
 * two threads waking each other up for every call. Between such calls the reader's role
 * is vacant, and the thread of the loop that offered it stands by: the thread takes the
 * role back when no caller came for a moment, or when a caller received something that is
 * not for callers, or nothing for a while. A caller never waits in read(2), where no
 * interrupt and no deadline would reach it, and never runs code of listeners.
 */
final class CallerReads {

	/** How long no thread reads if no caller comes. */
	private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(1);

	/** How long a caller reads. The outcome may also become known in another way. */
	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);

	private static final int MAX_NEEDED = 64;

	/** How many outcomes make standing by worthwhile. */
	private static final int WORTH = 4;

	private final AtomicInteger waits = new AtomicInteger();

	private final AtomicReference<@Nullable Object> reader;

	private final ReadLoop.Steps steps;

	private volatile int successes;

	// the following are used by the reading thread of the loop only

	private int seenWaits;

	/** How many callers must have waited before the role is offered again. */
	private int needed = 1;

	/**
	 * @param reader the holder of the reader's role: a thread, or a {@link Vacancy}
	 */
	CallerReads(AtomicReference<@Nullable Object> reader, ReadLoop.Steps steps) {
		this.reader = reader;
		this.steps = steps;
	}

	/** Return whether the thread that has the role should stand by for callers. */
	boolean areExpected() {
		return this.waits.get() - this.seenWaits >= this.needed && this.steps.isQuiet();
	}

	/**
	 * Let callers read.
	 * @param me the thread of the loop that has the role, now and afterwards
	 */
	void standBy(Thread me) {
		Vacancy vacancy = new Vacancy(me);
		int first = this.successes;
		int seen = first;
		this.reader.set(vacancy);
		if (!this.steps.isQuiet()) {
			// another thread sent something without knowing that no thread reads
			vacancy.end(this.reader);
		}
		long quietSince = System.nanoTime();
		while (this.reader.get() != me) {
			// parking would not wait if the thread was left interrupted
			Thread.interrupted();
			LockSupport.parkNanos(this, MOMENT);
			long now = System.nanoTime();
			if (this.successes != seen) {
				seen = this.successes;
				quietSince = now;
			}
			else if (now - quietSince >= MOMENT) {
				vacancy.end(this.reader);
			}
		}
		this.needed = (this.successes - first >= WORTH) ? 1 : Math.min(2 * this.needed, MAX_NEEDED);
		this.seenWaits = this.waits.get();
	}

	/**
	 * Read for a moment on the calling thread, if there is a vacancy.
	 * @param done whether the caller has what it waits for
	 * @param limit how long to wait at most, in nanoseconds; 0 if it does not matter
	 */
	void read(BooleanSupplier done, long limit) {
		if (VirtualThreads.isCurrent()) {
			// a virtual thread must not keep its carrier busy
			resume();
			return;
		}
		this.waits.incrementAndGet();
		Thread me = Thread.currentThread();
		if (!(this.reader.get() instanceof Vacancy vacancy)) {
			return;
		}
		StackReserve.require();
		if (!this.reader.compareAndSet(vacancy, me)) {
			return;
		}
		boolean found = false;
		try {
			found = readUntil(done, (limit > 0) ? Math.min(limit, PATIENCE) : PATIENCE);
		}
		finally {
			if (found) {
				this.successes++;
				this.reader.set(vacancy);
				if (!this.steps.isQuiet()) {
					// another caller waits, and found this thread reading
					vacancy.end(this.reader);
				}
			}
			else {
				this.reader.set(vacancy.standby());
				LockSupport.unpark(vacancy.standby());
			}
		}
	}

	private boolean readUntil(BooleanSupplier done, long limit) {
		long end = System.nanoTime() + limit;
		long left = limit;
		while (!done.getAsBoolean()) {
			Arrival arrival = this.steps.poll(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
			if (arrival == Arrival.OTHER || this.steps.hasWork() || Thread.currentThread().isInterrupted()) {
				return false;
			}
			left = end - System.nanoTime();
			if (left <= 0) {
				return done.getAsBoolean();
			}
		}
		return true;
	}

	/** Make sure that a thread reads. */
	void resume() {
		if (this.reader.get() instanceof Vacancy vacancy) {
			vacancy.end(this.reader);
		}
	}

	/**
	 * A placeholder for the reader. Not a record, since no two vacancies are equal.
	 */
	private static final class Vacancy {

		private final Thread standby;

		Vacancy(Thread standby) {
			this.standby = standby;
		}

		Thread standby() {
			return this.standby;
		}

		/** Give the role back, unless a caller has it. */
		boolean end(AtomicReference<@Nullable Object> reader) {
			boolean ended = reader.compareAndSet(this, this.standby);
			if (ended) {
				LockSupport.unpark(this.standby);
			}
			return ended;
		}

	}

}
