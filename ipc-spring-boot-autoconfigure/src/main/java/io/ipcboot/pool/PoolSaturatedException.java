package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;

/**
 * Thrown when all workers of a pool are busy and no more messages may wait, or when the
 * message waited too long. The message was not sent.
 */
public class PoolSaturatedException extends IpcException {

	PoolSaturatedException(String pool, String problem) {
		this("The pool '" + pool + "' is saturated: " + problem);
	}

	PoolSaturatedException(String text) {
		super(null, text);
	}

}
