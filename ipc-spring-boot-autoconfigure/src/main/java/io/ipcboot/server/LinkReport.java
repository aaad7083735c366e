package io.ipcboot.server;

import java.nio.ByteBuffer;

/**
 * What a worker reports of the connections that are handed to it, in eight bytes.
 *
 * @param outcome what has become of the oldest connection not reported yet
 * @param open how many connections the worker serves or is about to serve
 */
record LinkReport(int outcome, int open) {

	/** The report is about the load only, not about a connection. */
	static final int LOAD = 0;

	/** The worker has the connection. */
	static final int TAKEN = 1;

	/** The connection did not arrive, because the worker has no descriptor left. */
	static final int MISSED = 2;

	static final int SIZE = 8;

	/** No process has more descriptors. */
	private static final int MAX_OPEN = 1 << 24;

	static LinkReport read(ByteBuffer buffer) {
		return new LinkReport(buffer.getInt(), buffer.getInt());
	}

	byte[] bytes() {
		return ByteBuffer.allocate(SIZE).putInt(this.outcome).putInt(this.open).array();
	}

	boolean isValid() {
		return this.outcome >= LOAD && this.outcome <= MISSED && this.open >= 0 && this.open <= MAX_OPEN;
	}

}
