package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * The descriptors that have arrived and were not polled yet, in order. Safe for use by
 * several threads.
 */
final class ReceivedDescriptors implements Closeable {

	private final Deque<FileDescriptor> waiting = new ArrayDeque<>(1);

	private boolean closed;

	/**
	 * Keep a duplicate, as junixsocket closes the descriptors it received together with
	 * its socket.
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

	/** Return an invalid descriptor if this process has none left for a duplicate. */
	private static FileDescriptor duplicateOrNothing(FileDescriptor attached) {
		try {
			return Descriptors.duplicate(attached);
		}
		catch (IOException ex) {
			return new FileDescriptor();
		}
	}

	/**
	 * Return the oldest descriptor if it is valid and can be of the given kind.
	 * @param trusted whether to trust the sender about the kind
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
