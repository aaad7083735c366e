package io.ipcboot.server;

import io.ipcboot.handle.Handle;

/**
 * A connection that was accepted and is to be served by some worker.
 *
 * @param handle the connection, owned by whoever has this
 * @param client says which connections belong together, if that matters
 */
record Connection(Handle handle, int client) {

	/** Two are never equal. */
	@Override
	public boolean equals(Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

}
