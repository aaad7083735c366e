package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;

/**
 * The pool is not running: it was not started yet, or it is shutting down.
 */
public class PoolClosedException extends IpcException {

	PoolClosedException(String pool) {
		super(null, "The pool '" + pool + "' is not running");
	}

}
