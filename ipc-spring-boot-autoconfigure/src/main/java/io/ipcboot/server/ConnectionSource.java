package io.ipcboot.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * Where a connector of this process gets its connections from. Safe for use by several
 * threads.
 */
interface ConnectionSource extends Closeable {

	/**
	 * Wait for the next connection.
	 * @return a connected channel in blocking mode, owned by the caller; {@code null} if
	 * there are no more
	 * @throws IOException if this connection failed, or no descriptors are left
	 */
	@Nullable SocketChannel accept() throws IOException;

	/**
	 * Give up this process's part of the source, and let waiting threads return.
	 */
	@Override
	void close();

}
