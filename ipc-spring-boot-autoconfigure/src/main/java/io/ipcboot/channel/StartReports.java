package io.ipcboot.channel;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * Reports to the sender up to which message the dispatcher of this side started. A report
 * is sent when there is enough to report, when some time has passed, when a message with
 * a handle was started, and when there is nothing else to do.
 */
final class StartReports {

	/** How long a sender may wait to learn that a slow listener started. */
	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(1);

	private final LongConsumer send;

	private volatile StartLedger.Notes ledger = StartLedger.Notes.NONE;

	private volatile long started;

	private volatile long reported;

	private long finished;

	// used by the dispatching thread only

	private long unreportedBytes;

	private long lastReport;

	StartReports(LongConsumer send) {
		this.send = send;
	}

	void noteIn(StartLedger.Notes newLedger) {
		this.ledger = newLedger;
	}

	void started(Frame frame) {
		this.started = frame.id();
		this.ledger.started().accept(frame.id());
		this.unreportedBytes += frame.weight();
		if (frame.handle() != null || this.unreportedBytes >= ChannelOptions.WINDOW / 4 || isOverdue(frame)) {
			this.unreportedBytes = 0;
			flush();
		}
	}

	/** Called by all threads that run listeners. */
	synchronized void finished(Frame frame) {
		if (frame.id() > this.finished) {
			this.finished = frame.id();
			this.ledger.finished().accept(frame.id());
		}
	}

	private boolean isOverdue(Frame frame) {
		if (frame.type() != FrameType.MESSAGE) {
			// its sender waits for the outcome
			return false;
		}
		long now = System.nanoTime();
		boolean overdue = now - this.lastReport >= PATIENCE;
		if (overdue) {
			this.lastReport = now;
		}
		return overdue;
	}

	/** Note that an outcome also reports everything up to its call. */
	void answered(long id) {
		if (id > this.reported) {
			this.reported = id;
		}
	}

	/** Report the started messages that were not reported yet. */
	void flush() {
		long last = this.started;
		if (last > this.reported) {
			this.reported = last;
			this.send.accept(last);
		}
	}

}
