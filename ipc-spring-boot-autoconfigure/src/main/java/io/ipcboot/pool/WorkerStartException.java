package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a worker could not be forked, or did not become ready.
 */
public class WorkerStartException extends IpcException {

	public WorkerStartException(@Nullable PeerId worker, String message, @Nullable Throwable cause) {
		super(worker, message, cause);
	}

}
