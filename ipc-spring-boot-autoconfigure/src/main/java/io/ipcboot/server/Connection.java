package io.ipcboot.server;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A connection that the parent has accepted and that a worker is to serve.
 *
 * @param handle the descriptor, owned by the holder of this object
 * @param client the client's address if clients stay with a worker, or {@code null}
 */
record Connection(Handle handle, @Nullable String client) {

	/** No two connections are equal. */
	@Override
	public boolean equals(Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

}
