package io.ipcboot.server;

import java.nio.ByteBuffer;

/**
 * What a worker says of the connections that are handed to it, in eight bytes.
 *
 * @param outcome what has become of the oldest connection that was not reported yet
 * @param open how many connections the worker serves, or is about to
 */
record Report(int outcome, int open) {

	/** Nothing; this is just about the load. */
	static final int LOAD = 0;

	/** The worker has it. */
	static final int TAKEN = 1;

	/** It did not arrive, because the worker has no descriptor left for it. */
	static final int MISSED = 2;

	static final int SIZE = 8;

	/** More descriptors than this no process has. */
	private static final int MAX_OPEN = 1 << 24;

	static Report read(ByteBuffer buffer) {
		return new Report(buffer.getInt(), buffer.getInt());
	}

	byte[] bytes() {
		return ByteBuffer.allocate(SIZE).putInt(this.outcome).putInt(this.open).array();
	}

	boolean isValid() {
		return this.outcome >= LOAD && this.outcome <= MISSED && this.open >= 0 && this.open <= MAX_OPEN;
	}

}
