package io.ipcboot.handle;

import java.io.IOException;

/**
 * Knows how much the kernel's send buffer takes for certain, so that a write does not
 * block. What the other side claims to have read does not count. From a moment at which
 * poll(2) finds the buffer no more than a quarter full, everything that is written counts
 * as if nothing was read, until the next such moment. The memory that the kernel charges
 * for a write is overestimated (sk_buff overhead, sizes rounded up to powers of two;
 * unix_stream_sendmsg in net/unix/af_unix.c). For one thread at a time.
 */
final class SendBuffer {

	private static final int OVERHEAD = 1024;

	private static final int LINEAR = 16 * 1024;

	private final SocketPoller poller;

	/** What is certainly free in a writable buffer. */
	private final int free;

	private long charged;

	SendBuffer(SocketPoller poller, int capacity) {
		this.poller = poller;
		this.free = capacity / 4 * 3;
	}

	boolean hasRoomFor(int bytes) {
		long charge = charge(bytes);
		if (this.charged + charge <= this.free) {
			return true;
		}
		if (charge > this.free || !isWritable(false)) {
			return false;
		}
		this.charged = 0;
		return true;
	}

	/**
	 * Return how many of the last writes of so many bytes were certainly not read.
	 */
	int unread(int bytes) {
		// if it is not writable, more than a quarter of the buffer is in use
		return isWritable(true) ? 0 : (int) (this.free / 3 / charge(bytes));
	}

	private boolean isWritable(boolean ifUnknown) {
		try {
			return this.poller.isWritable();
		}
		catch (IOException ex) {
			// for example, there is no descriptor left
			return ifUnknown;
		}
	}

	void written(int bytes) {
		this.charged += charge(bytes);
	}

	private static long charge(int bytes) {
		return (bytes <= LINEAR) ? 2L * bytes + OVERHEAD : bytes + LINEAR + 4L * OVERHEAD;
	}

}
