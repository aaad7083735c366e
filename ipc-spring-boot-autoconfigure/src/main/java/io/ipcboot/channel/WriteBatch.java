package io.ipcboot.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * Encoded frames that go out together, in as few system calls as possible. A frame with a
 * handle is a batch of its own, because the kernel attaches a descriptor to the first
 * byte of a write. A large payload is not copied but written after the rest.
 */
final class WriteBatch {

	private static final int CAPACITY = FrameHeader.SIZE + HeaderCodec.MAX_LENGTH + 64 * 1024;

	private static final int FULL = 64 * 1024;

	private static final int LARGE_PAYLOAD = 32 * 1024;

	private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY);

	private byte @Nullable [] largePayload;

	private @Nullable Handle handle;

	/**
	 * Add a frame.
	 * @return {@code false} if the frame has to wait for the next batch
	 */
	boolean add(Frame frame, byte[] headers, long id, int destination, long remaining, long acknowledged) {
		boolean empty = isEmpty();
		if (this.handle != null || this.largePayload != null || (!empty && frame.handle() != null)) {
			return false;
		}
		boolean large = frame.payload().length > LARGE_PAYLOAD;
		int needed = FrameHeader.SIZE + headers.length + (large ? 0 : frame.payload().length);
		if (!empty && this.buffer.position() + needed > FULL) {
			return false;
		}
		new FrameHeader(frame.type(), frame.content(), (frame.handle() != null) ? frame.handle().kind() : null,
				headers.length + frame.payload().length, headers.length, destination, id, acknowledged, remaining)
			.writeTo(this.buffer);
		this.buffer.put(headers);
		if (large) {
			this.largePayload = frame.payload();
		}
		else {
			this.buffer.put(frame.payload());
		}
		this.handle = frame.handle();
		return true;
	}

	boolean hasHandle() {
		return this.handle != null;
	}

	boolean isEmpty() {
		return this.buffer.position() == 0;
	}

	int size() {
		return this.buffer.position() + ((this.largePayload != null) ? this.largePayload.length : 0);
	}

	void writeTo(HandleSocket socket) throws IOException {
		if (this.handle != null) {
			socket.write(this.buffer.array(), 0, this.buffer.position(), this.handle);
		}
		else {
			socket.write(this.buffer.array(), 0, this.buffer.position());
		}
		if (this.largePayload != null) {
			socket.write(this.largePayload, 0, this.largePayload.length);
		}
	}

	void clear() {
		this.buffer.clear();
		this.largePayload = null;
		this.handle = null;
	}

}
