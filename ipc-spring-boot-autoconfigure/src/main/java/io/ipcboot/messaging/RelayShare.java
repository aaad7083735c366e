package io.ipcboot.messaging;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one worker may have under way through its parent. Both sides count in the same
 * way: the worker, so that its senders wait, and the parent, so that a worker that does
 * not count cannot fill the parent's memory.
 */
final class RelayShare {

	static final int MAX_MESSAGES = 1000;

	/** One message is admitted whatever its size. */
	static final long MAX_BYTES = 32L * 1024 * 1024;

	/** The replies that the worker has not read. */
	private static final long MAX_REPLY_BYTES = Math.max(MAX_BYTES, Runtime.getRuntime().maxMemory() / 4);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition released = this.lock.newCondition();

	private int messages;

	private long bytes;

	private final AtomicLong replyBytes = new AtomicLong();

	boolean tryAcquire(long weight) {
		this.lock.lock();
		try {
			boolean room = hasRoom(weight);
			if (room) {
				this.messages++;
				this.bytes += weight;
			}
			return room;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for room.
	 * @param nanos how long to wait
	 * @return {@code false} if there was none in time
	 */
	boolean acquire(long weight, long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			long left = nanos;
			while (!tryAcquire(weight)) {
				if (left <= 0) {
					return false;
				}
				left = this.released.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	void release(long weight) {
		this.lock.lock();
		try {
			this.messages--;
			this.bytes -= weight;
			this.released.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Return whether a small message need not wait. */
	boolean isRoomy() {
		this.lock.lock();
		try {
			return hasRoom(0);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean hasRoom(long weight) {
		return this.messages < MAX_MESSAGES && (this.messages == 0 || this.bytes + weight <= MAX_BYTES);
	}

	/** Return whether a reply can be kept until the worker has read those before it. */
	boolean hasRoomForReply(int length) {
		long kept = this.replyBytes.get();
		return kept == 0 || kept + length <= MAX_REPLY_BYTES;
	}

	/**
	 * Count the bytes of a reply.
	 * @param length positive while the reply waits to be written, negative afterwards
	 */
	void replyKept(int length) {
		this.replyBytes.addAndGet(length);
	}

}
