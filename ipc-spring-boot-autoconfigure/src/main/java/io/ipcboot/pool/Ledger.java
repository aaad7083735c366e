package io.ipcboot.pool;

import java.io.Closeable;
import java.io.IOException;

import io.ipcboot.channel.StartLedger;
import io.ipcboot.handle.Handle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where a worker notes what it has started, if there is space for it.
 */
final class Ledger implements Closeable {

	private static final Log logger = LogFactory.getLog(Ledger.class);

	private final @Nullable StartLedger ledger;

	private long lastStarted = StartLedger.UNKNOWN;

	private long lastFinished = StartLedger.UNKNOWN;

	private Ledger(@Nullable StartLedger ledger) {
		this.ledger = ledger;
	}

	static Ledger create() {
		try {
			return new Ledger(StartLedger.create());
		}
		catch (IOException ex) {
			logger.warn("There is no space to note what a worker has started, so its calls are not sent to another "
					+ "one when it dies", ex);
			return new Ledger(null);
		}
	}

	/** What the worker gets. */
	@Nullable Handle handle() {
		return (this.ledger != null) ? this.ledger.handle() : null;
	}

	/** The last message or call that it has started, as of the {@link #close}. */
	long lastStarted() {
		return this.lastStarted;
	}

	/**
	 * The one-way message that a listener had at the {@link #close}.
	 * @return its id, or that of a call; 0 for none
	 */
	long running() {
		return (this.lastStarted == this.lastFinished) ? 0 : this.lastStarted;
	}

	@Override
	public void close() {
		try {
			if (this.ledger != null) {
				this.lastStarted = this.ledger.lastStarted();
				this.lastFinished = this.ledger.lastFinished();
				this.ledger.close();
			}
		}
		catch (IOException ex) {
			// the file has no name and nobody else uses it
		}
	}

}
