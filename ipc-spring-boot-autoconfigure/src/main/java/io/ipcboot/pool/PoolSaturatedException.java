package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;

/**
 * All workers of a pool are busy and as many messages wait as may wait, or this one has
 * waited too long. It was not sent.
 */
public class PoolSaturatedException extends IpcException {

	PoolSaturatedException(String pool, String problem) {
		super(null, "The pool '" + pool + "' is saturated: " + problem);
	}

}
