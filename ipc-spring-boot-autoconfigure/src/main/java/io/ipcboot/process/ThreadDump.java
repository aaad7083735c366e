package io.ipcboot.process;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Lets a JVM that hangs print its threads before it is killed. The threads take hundreds
 * of lines, so the earlier last lines of the JVM are kept separately.
 */
final class ThreadDump {

	/** The time within which requests share one print. */
	private static final Duration PAUSE = Duration.ofSeconds(1);

	/**
	 * The time after the print within which a kill belongs to it; a process that lives
	 * longer went on.
	 */
	private static final Duration RECENT = Duration.ofSeconds(5);

	private final boolean java;

	private @Nullable List<String> before;

	private long requested;

	ThreadDump(boolean java) {
		this.java = java;
	}

	synchronized void request(ForkedProcess process) {
		if (!this.java || isWithin(PAUSE) || !catchesQuit(process.pid())) {
			return;
		}
		this.before = process.lastLines();
		this.requested = System.nanoTime();
		process.kill(Signal.QUIT);
	}

	/** Return the last lines of a process that ended, without the thread dump. */
	synchronized List<String> without(List<String> lines, @Nullable Signal signal) {
		return (this.before != null && signal == Signal.KILL && isWithin(RECENT)) ? this.before : lines;
	}

	private boolean isWithin(Duration time) {
		return this.before != null && System.nanoTime() - this.requested < time.toNanos();
	}

	/**
	 * Return whether the process handles the signal, which would end a sandbox around the
	 * JVM, or a JVM that has just begun.
	 */
	private static boolean catchesQuit(long pid) {
		String caught = ProcessStatus.field(pid, "SigCgt");
		return caught != null && Signal.QUIT.isIn(Long.parseUnsignedLong(caught, 16));
	}

}
