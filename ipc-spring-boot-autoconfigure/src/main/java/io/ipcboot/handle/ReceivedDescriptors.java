package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * Descriptors that have arrived, in order, and that nobody has asked for yet. Safe for
 * use by several threads.
 */
final class ReceivedDescriptors implements Closeable {

	private final Deque<FileDescriptor> waiting = new ArrayDeque<>(1);

	private boolean closed;

	/**
	 * Keep a duplicate, as junixsocket closes what it received when its socket is closed.
	 */
	void add(FileDescriptor attached) throws IOException {
		FileDescriptor duplicate = duplicateOrNothing(attached);
		Descriptors.close(attached);
		synchronized (this) {
			if (!this.closed) {
				this.waiting.add(duplicate);
				return;
			}
		}
		close(duplicate);
	}

	/** If this process has no descriptor left, it is as if it had not arrived. */
	private static FileDescriptor duplicateOrNothing(FileDescriptor attached) {
		try {
			return Descriptors.duplicate(attached);
		}
		catch (IOException ex) {
			return new FileDescriptor();
		}
	}

	/**
	 * Return the oldest one if it arrived, and can be what it is said to be.
	 * @param trusted whether the one who says so is believed
	 */
	@Nullable Handle poll(HandleKind kind, boolean trusted) throws IOException {
		FileDescriptor descriptor;
		synchronized (this) {
			descriptor = this.waiting.poll();
		}
		if (descriptor == null || !descriptor.valid()) {
			return null;
		}
		Handle handle = new Handle(kind, descriptor);
		if (!trusted && !Descriptors.canBe(kind, descriptor)) {
			handle.close();
			return null;
		}
		return handle;
	}

	synchronized int size() {
		return this.waiting.size();
	}

	@Override
	public synchronized void close() throws IOException {
		this.closed = true;
		for (FileDescriptor unclaimed : this.waiting) {
			close(unclaimed);
		}
		this.waiting.clear();
	}

	private static void close(FileDescriptor descriptor) throws IOException {
		if (descriptor.valid()) {
			Descriptors.close(descriptor);
		}
	}

}
