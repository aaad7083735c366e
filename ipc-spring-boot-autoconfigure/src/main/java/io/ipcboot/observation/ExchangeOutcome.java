package io.ipcboot.observation;

import java.util.Locale;
import java.util.concurrent.CancellationException;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.CallInterruptedException;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.messaging.PayloadConversionException;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.pool.WorkerLostException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message or call.
 */
public enum ExchangeOutcome {

	/** It is not known yet, or a one-way message did not fail. */
	NONE,

	/** There is a reply. */
	REPLY,

	/** The listener failed, or its reply cannot be read. */
	FAILURE,

	/** The time of the call was over. */
	TIMEOUT,

	/** The sender gave up. */
	CANCELLED,

	/** The process that had the message or call is gone. */
	LOST,

	/** No listener got the message or call. */
	REFUSED;

	/**
	 * Return the value of the key {@code outcome}.
	 * @return the name in lower case
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	static ExchangeOutcome ofSuccess(boolean call) {
		return call ? REPLY : NONE;
	}

	/**
	 * @param attempted whether a process was about to get the message
	 */
	static ExchangeOutcome ofClient(boolean call, boolean attempted, @Nullable Throwable failure) {
		if (failure == null) {
			return ofSuccess(call);
		}
		if (failure instanceof CallTimeoutException) {
			return TIMEOUT;
		}
		if (failure instanceof CancellationException || failure instanceof CallInterruptedException) {
			return CANCELLED;
		}
		if (failure instanceof WorkerLostException || failure instanceof ChannelClosedException) {
			return LOST;
		}
		boolean atListener = failure instanceof RemoteHandlerException || failure instanceof PayloadConversionException
				|| !(failure instanceof IpcException);
		return (attempted && atListener) ? FAILURE : REFUSED;
	}

	static ExchangeOutcome ofListener(boolean call, @Nullable Throwable failure) {
		if (failure == null) {
			return ofSuccess(call);
		}
		// a listener is interrupted when its caller gives up
		return (failure instanceof CancellationException || failure instanceof InterruptedException) ? CANCELLED
				: FAILURE;
	}

}
