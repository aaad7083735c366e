package io.ipcboot.channel;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Lets threads take turns at reading. The thread that has read also runs the resulting
 * work, which saves a hand-over to another thread for every message. While that thread
 * works, the reader's role is lent: if the work takes longer than a moment, the watching
 * thread takes the role, so that a listener that blocks, or never returns, does not stop
 * the reading. A thread that comes back from work and finds the role taken becomes the
 * watcher, or ends if there is one. Usually there are two threads, more only while
 * several block. A thread that waits for an outcome may have the role too, see
 * {@link CallerReads}.
 */
final class ReadLoop {

	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(1);

	/**
	 * How often the watcher finds everything quiet before it sleeps until it is woken.
	 */
	private static final int LOOKS = 50;

	/**
	 * The reader: a thread, a vacancy for callers, or {@code null} while the role is
	 * lent.
	 */
	private final AtomicReference<@Nullable Object> reader = new AtomicReference<>();

	private final AtomicReference<@Nullable Thread> watcher = new AtomicReference<>();

	private final AtomicInteger threads = new AtomicInteger();

	private final String name;

	private final Steps steps;

	private final CallerReads callers;

	private volatile boolean ended;

	private volatile int lends;

	private volatile boolean asleep;

	private volatile boolean wanted;

	ReadLoop(String name, Steps steps) {
		this.name = name;
		this.steps = steps;
		this.callers = new CallerReads(this.reader, steps);
	}

	/** The reading by threads that wait for outcomes. */
	CallerReads callers() {
		return this.callers;
	}

	void start() {
		Thread first = new LoopThread(this);
		this.reader.set(first);
		first.start();
	}

	/**
	 * Note for the loop of the current thread, if there is one, that the thread is about
	 * to wait for something that must be read.
	 */
	static void aboutToBlock() {
		if (Thread.currentThread() instanceof LoopThread thread && thread.loop.reader.get() == null) {
			thread.loop.wanted = true;
			thread.loop.wakeWatcher();
		}
	}

	private void run() {
		Thread me = Thread.currentThread();
		while (this.reader.get() == me || takeOver(me)) {
			// also after taking over: the thread that had the role may be held up by one
			// of several tasks
			if (this.steps.hasWork()) {
				lend();
				this.steps.work();
				this.reader.compareAndSet(null, me);
			}
			else if (this.callers.areExpected()) {
				this.callers.standBy(me);
			}
			else if (!this.steps.read()) {
				this.ended = true;
				wakeWatcher();
				this.steps.end();
				return;
			}
		}
	}

	private boolean takeOver(Thread me) {
		boolean taken = watch(me);
		if (taken) {
			this.steps.heldUp();
		}
		return taken;
	}

	private void lend() {
		this.lends++;
		this.wanted = false;
		this.reader.set(null);
		if (this.watcher.get() == null) {
			startWatcher();
		}
		else if (this.asleep) {
			wakeWatcher();
		}
	}

	private void startWatcher() {
		Thread thread = new LoopThread(this);
		if (this.watcher.compareAndSet(null, thread)) {
			try {
				thread.start();
			}
			catch (OutOfMemoryError ex) {
				// the system has no thread left: nothing is read until the work is done
				this.watcher.set(null);
			}
		}
	}

	private void wakeWatcher() {
		this.asleep = false;
		LockSupport.unpark(this.watcher.get());
	}

	/**
	 * Wait for the reader's role.
	 * @return {@code false} if another thread watches, or there is nothing more to read
	 */
	private boolean watch(Thread me) {
		if (this.watcher.get() != me && !this.watcher.compareAndSet(null, me)) {
			return false;
		}
		int seen = this.lends - 1;
		int quiet = 0;
		while (!this.ended) {
			pause(quiet);
			boolean lent = this.reader.get() == null;
			if (lent && (this.lends == seen || this.wanted) && this.reader.compareAndSet(null, me)) {
				this.wanted = false;
				this.watcher.set(null);
				return !this.ended;
			}
			quiet = (lent || this.lends != seen) ? 0 : quiet + 1;
			seen = this.lends;
		}
		return false;
	}

	private void pause(int quiet) {
		// parking would not wait if a listener left its thread interrupted
		Thread.interrupted();
		if (quiet < LOOKS) {
			LockSupport.parkNanos(this, PATIENCE);
			return;
		}
		this.asleep = true;
		if (this.reader.get() != null && !this.ended) {
			LockSupport.park(this);
		}
		this.asleep = false;
	}

	private static final class LoopThread extends Thread {

		private final ReadLoop loop;

		LoopThread(ReadLoop loop) {
			super(loop::run, "ipc-" + loop.name + "-" + loop.threads.incrementAndGet());
			this.loop = loop;
			setDaemon(true);
		}

		@Override
		public void run() {
			boolean returned = false;
			try {
				super.run();
				returned = true;
			}
			finally {
				if (!returned) {
					this.loop.steps.failed();
				}
			}
		}

	}

	interface Steps {

		/** Read once and pass on the frames; return {@code false} at the end. */
		boolean read();

		/** Wait briefly, and pass on outcomes that arrived. */
		Arrival poll(long millis);

		/** Return whether nothing is left to pass on, and no outcome is expected. */
		boolean isQuiet();

		boolean hasWork();

		void work();

		/** Called when work took so long that another thread goes on reading. */
		void heldUp();

		/** Called once after {@link #read()} has returned {@code false}. */
		void end();

		/** Called when an error ends a thread of the loop. */
		void failed();

	}

}
