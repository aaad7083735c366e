package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;

/**
 * A pool's workers have died too often, so they are not replaced but for a probe from
 * time to time. The message was not sent.
 */
public class PoolDegradedException extends IpcException {

	PoolDegradedException(String pool, String reason) {
		super(null, "The pool '" + pool + "' is degraded: " + reason);
	}

}
