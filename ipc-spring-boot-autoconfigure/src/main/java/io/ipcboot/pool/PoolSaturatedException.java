package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;

/**
 * No worker of the pool takes messages at present, and as many wait already as may wait.
 */
public class PoolSaturatedException extends IpcException {

	PoolSaturatedException(String pool, int limit) {
		super(null, "%,d messages wait for a worker of the pool '%s', and none is ready".formatted(limit, pool));
	}

}
