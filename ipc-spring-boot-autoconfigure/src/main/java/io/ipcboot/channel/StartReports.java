package io.ipcboot.channel;

import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * What the receiving side owes its sender: how many bytes it has read (in the header of
 * every frame), and up to which message its dispatcher has started. Reported when enough
 * has come together, when some time has passed, when a handle was taken, and when there
 * is nothing else to do.
 */
final class StartReports {

	/** How long a sender may have to wait to learn that a slow listener has started. */
	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(1);

	private final FrameReader reader;

	private final LongConsumer send;

	private final long readThreshold;

	private volatile StartLedger.Notes ledger = StartLedger.Notes.NONE;

	private volatile long started;

	private volatile long reported;

	private long finished;

	// used by the dispatching thread only

	private long unreportedBytes;

	private long lastReport;

	// used by the reading thread only

	private long acknowledgedBytes;

	private long acknowledgedFrames;

	StartReports(int kernelBuffer, FrameReader reader, LongConsumer send) {
		this.reader = reader;
		this.send = send;
		this.readThreshold = kernelBuffer / 4;
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

	/** An outcome is a report for everything up to its call. */
	void answered(long id) {
		if (id > this.reported) {
			this.reported = id;
		}
	}

	/** Report what was started and not reported yet. */
	void flush() {
		long last = this.started;
		if (last > this.reported) {
			this.reported = last;
			this.send.accept(last);
		}
	}

	/** Report how much was read if the sender could run out of space soon. */
	void read() {
		long bytes = this.reader.bytesRead() - this.acknowledgedBytes;
		long frames = this.reader.framesRead() - this.acknowledgedFrames;
		if (KernelBuffer.receivedCharge(bytes, frames) >= this.readThreshold) {
			this.acknowledgedBytes += bytes;
			this.acknowledgedFrames += frames;
			answered(this.started);
			this.send.accept(this.started);
		}
	}

}
