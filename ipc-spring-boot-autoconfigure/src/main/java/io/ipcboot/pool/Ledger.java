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

	long lastStarted() {
		return (this.ledger != null) ? this.ledger.lastStarted() : StartLedger.UNKNOWN;
	}

	@Override
	public void close() {
		try {
			if (this.ledger != null) {
				this.ledger.close();
			}
		}
		catch (IOException ex) {
			// the file has no name and nobody else uses it
		}
	}

}
