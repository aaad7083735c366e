package io.ipcboot.pool;

import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.ProtocolException;
import io.ipcboot.process.ProcessExit;
import org.jspecify.annotations.Nullable;

/**
 * What is known about why a worker ends, from all who know a part of it. Safe for
 * concurrent use.
 */
final class Ending {

	private volatile boolean ready;

	private volatile boolean goodbye;

	private volatile @Nullable String reason;

	private volatile @Nullable LossCause killed;

	/** It takes messages. */
	void becameReady() {
		this.ready = true;
	}

	boolean wasReady() {
		return this.ready;
	}

	/**
	 * It leaves in order.
	 * @param why what it says about it, if anything
	 */
	void saidGoodbye(@Nullable String why) {
		this.goodbye = true;
		if (why != null) {
			this.reason = why;
		}
	}

	boolean isGoodbye() {
		return this.goodbye;
	}

	/** It is ended for a reason that concerns its start. */
	void because(String why) {
		this.reason = why;
	}

	/** It is killed. The first cause counts. */
	synchronized void killed(LossCause cause) {
		this.killed = (this.killed != null) ? this.killed : cause;
	}

	boolean isKilled() {
		return this.killed != null;
	}

	LossCause lossCause(ProcessExit exit, @Nullable ProtocolException violation) {
		LossCause known = (violation != null) ? LossCause.PROTOCOL : this.killed;
		return (known != null) ? known : LossCause.of(exit, this.ready);
	}

	WorkerStartException startFailure(PeerId id, ProcessExit exit, @Nullable ProtocolException violation) {
		String known = (this.reason != null) ? this.reason
				: (violation != null) ? "it sent something that is no frame" : "it ended before it was ready";
		return new WorkerStartException(id, known + "; the process " + exit.describeWithOutput(), violation);
	}

}
