package io.ipcboot.channel;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

import io.ipcboot.handle.HandleSocket;

/**
 * One end of a connection in the hands of the test, which reads when it likes.
 */
public final class RawEnd implements Closeable {

	private final Deque<Frame> frames = new ArrayDeque<>();

	private final HandleSocket.Pair pair = HandleSocket.openPair();

	private final FrameReader reader = new FrameReader(this.pair.second(), Integer.MAX_VALUE);

	public RawEnd() throws IOException {
		this.reader.acceptHandles();
	}

	/** The other end. */
	public HandleSocket other() {
		return this.pair.first();
	}

	public void write(byte[]... frames) throws IOException {
		for (byte[] frame : frames) {
			this.pair.second().write(frame, 0, frame.length);
		}
	}

	/** Read until there is a frame of the given type, and forget those before it. */
	public Frame next(FrameType type) throws IOException {
		while (true) {
			while (this.frames.isEmpty()) {
				if (!this.reader.read((frame, acknowledged) -> this.frames.add(frame))) {
					throw new IOException("the other end was closed");
				}
			}
			Frame frame = this.frames.remove();
			if (frame.type() == type) {
				return frame;
			}
		}
	}

	/** Read whatever bytes are there. */
	public int readBytes(byte[] buffer, int offset) throws IOException {
		return this.pair.second().read(buffer, offset, buffer.length - offset);
	}

	/** Tell the other end how much was read so far. */
	public void acknowledge() throws IOException {
		write(WireFrame.of(FrameType.STARTED).acknowledged(this.reader.bytesRead()).bytes());
	}

	@Override
	public void close() throws IOException {
		this.pair.second().close();
	}

}
