package io.ipcboot.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.JvmShutdown;
import io.ipcboot.channel.Recipients;
import org.jspecify.annotations.Nullable;

/**
 * Passes the lines of a process to their consumer, in order, on another thread than those
 * that read them: a consumer that blocks keeps nobody from learning how the process
 * ended. While the process lives, a slow consumer slows it down instead of filling the
 * memory of this process. Safe for use by several threads.
 */
final class LineQueue {

	/** How many characters wait before the readers do, roughly. */
	private static final int CAPACITY = 64 * 1024;

	/**
	 * How many characters may wait after the end of the process. Pipes hold less, but a
	 * process that inherited them may go on to print.
	 */
	private static final int MAX_REST = 8 * 1024 * 1024;

	/** What a line takes in addition to its characters. */
	private static final int OVERHEAD = 64;

	/** How often to look whether the consumer waits for the end of this JVM. */
	private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition consumed = this.lock.newCondition();

	private final Queue<ProcessOutput.Line> lines = new ArrayDeque<>();

	private final ProcessOutput consumer;

	private int size;

	/** Whether a thread passes lines on. */
	private boolean busy;

	/** The thread that runs the consumer, if one does. */
	private volatile @Nullable Thread consuming;

	/** Whether the process has ended, so that nobody may wait any more. */
	private boolean ended;

	LineQueue(ProcessOutput consumer) {
		this.consumer = consumer;
	}

	/**
	 * Add a line. Waits while too many wait. When the process has ended, nobody waits,
	 * and lines beyond a limit are dropped.
	 */
	void add(ProcessOutput.Line line) {
		this.lock.lock();
		try {
			awaitRoom();
			if (this.size >= MAX_REST) {
				return;
			}
			this.lines.add(line);
			this.size += size(line);
			if (!this.busy) {
				Background.EXECUTOR.execute(this::passOn);
				this.busy = true;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitRoom() {
		boolean interrupted = false;
		while (this.size >= CAPACITY && !this.ended && !isConsumerExiting()) {
			try {
				this.consumed.awaitNanos(CHECK_NANOS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/** Return whether the consumer has ended this JVM, so that it takes no more lines. */
	private boolean isConsumerExiting() {
		Thread thread = this.consuming;
		return thread != null && JvmShutdown.isAwaitedBy(thread);
	}

	private static int size(ProcessOutput.Line line) {
		return OVERHEAD + line.text().length();
	}

	private void passOn() {
		ProcessOutput.Line line;
		while ((line = next()) != null) {
			this.consuming = Thread.currentThread();
			try {
				this.consumer.accept(line);
			}
			catch (Throwable ex) {
				Recipients.log("The consumer of the output of a process failed; pid " + line.pid(), ex);
			}
			this.consuming = null;
			// an interrupt that the consumer leaves behind is not meant for the others
			Thread.interrupted();
		}
	}

	private ProcessOutput.@Nullable Line next() {
		this.lock.lock();
		try {
			ProcessOutput.Line next = this.lines.poll();
			if (next != null) {
				this.size -= size(next);
			}
			this.busy = (next != null);
			this.consumed.signalAll();
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Let nobody wait who adds a line, since the process has ended. */
	void end() {
		this.lock.lock();
		try {
			this.ended = true;
			this.consumed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until the consumer has all lines, or has ended this JVM.
	 * @param patience the maximum time, as the consumer may never return
	 */
	void awaitConsumed(Duration patience) throws InterruptedException {
		long left = TimeUnit.NANOSECONDS.convert(patience);
		this.lock.lock();
		try {
			while (this.busy && left > 0 && !isConsumerExiting()) {
				long step = Math.min(left, CHECK_NANOS);
				left -= step - Math.max(0, this.consumed.awaitNanos(step));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
