package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;

/**
 * Thrown when a pool is degraded: its workers died too often, so only a trial worker is
 * started from time to time. The message was not sent.
 */
public class PoolDegradedException extends IpcException {

	PoolDegradedException(String pool, String reason) {
		this(text(pool, reason));
	}

	static String text(String pool, String reason) {
		return "The pool '" + pool + "' is degraded: " + reason;
	}

	PoolDegradedException(String text) {
		super(null, text);
	}

}
