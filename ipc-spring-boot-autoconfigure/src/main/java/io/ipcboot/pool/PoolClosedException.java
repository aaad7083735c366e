package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a pool is not running: it was not started yet, or it is shutting down.
 */
public class PoolClosedException extends IpcException {

	/**
	 * Create an exception.
	 * @param pool the name of the pool
	 */
	public PoolClosedException(String pool) {
		this("The pool '" + pool + "' is not running", null);
	}

	private PoolClosedException(String text, @Nullable Throwable cause) {
		super(null, text, cause);
	}

	static PoolClosedException withText(String text) {
		return new PoolClosedException(text, null);
	}

}
