package io.ipcboot.channel;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How full the kernel's send buffer can be at most, so that a caller's thread writes
 * itself only when that cannot block. The peer reports how many bytes it has read; the
 * memory that the kernel charges for a write is overestimated (sk_buff overhead, sizes
 * rounded up to powers of two; unix_stream_sendmsg in net/unix/af_unix.c). Not safe for
 * concurrent use.
 */
final class KernelBuffer {

	private static final int OVERHEAD = 1024;

	private static final int LINEAR = 16 * 1024;

	/** A peer that reads and never says so must not make this side run out of memory. */
	private static final int MAX_WRITES = 4096;

	private final Deque<Write> unread = new ArrayDeque<>();

	private final int capacity;

	private long written;

	private long charged;

	KernelBuffer(int capacity) {
		this.capacity = capacity;
	}

	/** How many writes are remembered. */
	int size() {
		return this.unread.size();
	}

	boolean hasRoomFor(int bytes) {
		return this.charged + charge(bytes) <= this.capacity;
	}

	void written(int bytes) {
		this.written += bytes;
		long charge = charge(bytes);
		this.charged += charge;
		if (this.unread.size() == MAX_WRITES) {
			charge += this.unread.removeLast().charge;
		}
		this.unread.add(new Write(this.written, charge));
	}

	/**
	 * The peer has read this many bytes in total.
	 * @return {@code false} if that cannot be, as so many were not written
	 */
	boolean readByPeer(long total) {
		if (total > this.written) {
			return false;
		}
		Write oldest = this.unread.peek();
		while (oldest != null && oldest.end <= total) {
			this.charged -= oldest.charge;
			this.unread.remove();
			oldest = this.unread.peek();
		}
		return true;
	}

	private static long charge(int bytes) {
		return (bytes <= LINEAR) ? 2L * bytes + OVERHEAD : bytes + LINEAR + 4L * OVERHEAD;
	}

	/**
	 * What a receiver has to report at the latest, estimated the same way.
	 */
	static long receivedCharge(long bytes, long frames) {
		return 2 * bytes + OVERHEAD * frames;
	}

	private record Write(long end, long charge) {

	}

}
