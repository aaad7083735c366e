package io.ipcboot.channel;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * Reads frames from the wire. Used by one thread at a time.
 */
final class FrameReader {

	private static final int EXCERPT = 64;

	private static final HexFormat EXCERPT_FORMAT = HexFormat.of();

	private final byte[] buffer = new byte[64 * 1024];

	private final ByteBuffer view = ByteBuffer.wrap(this.buffer);

	private final DestinationNames names = new DestinationNames();

	private final AdaptiveSpin spin = new AdaptiveSpin();

	private final HandleSocket socket;

	private volatile int maxFrameSize;

	private volatile boolean acceptsHandles;

	private int frameStart;

	private int start;

	private int end;

	private volatile long bytesRead;

	FrameReader(HandleSocket socket, int maxFrameSize) {
		this.socket = socket;
		this.maxFrameSize = maxFrameSize;
	}

	/**
	 * Wait for bytes, unless {@link #poll} left some, and pass on the frames that they
	 * complete.
	 * @param sink gets the frames, and owns their handles
	 * @return {@code false} at the end of the stream
	 * @throws MalformedFrameException if the bytes are not valid frames
	 * @throws EOFException if the stream ends within a frame
	 */
	boolean read(Sink sink) throws IOException {
		if (!hasBufferedFrame()) {
			this.spin.begin(this.socket);
			boolean filled = fill();
			this.spin.end();
			if (!filled) {
				return false;
			}
		}
		while (hasBufferedFrame()) {
			readFrame(readHeader(), sink);
		}
		requireNoStrayHandle();
		return true;
	}

	/**
	 * Wait briefly for bytes, and pass on frames as long as they concern something that
	 * this side sent.
	 * @param sink gets the frames
	 * @param millis how long to wait, at least 1
	 * @return what arrived
	 */
	Arrival poll(Sink sink, long millis) throws IOException {
		if (!hasBufferedFrame()) {
			boolean readable = this.spin.begin(this.socket) || this.socket.awaitReadable(millis);
			this.spin.end();
			if (!readable) {
				return Arrival.NOTHING;
			}
			if (!fill()) {
				return Arrival.OTHER;
			}
		}
		while (hasBufferedFrame()) {
			FrameHeader header = readHeader();
			if (!header.type().isOutcome() || this.end - this.start - FrameHeader.SIZE < header.bodyLength()) {
				return Arrival.OTHER;
			}
			readFrame(header, sink);
		}
		requireNoStrayHandle();
		return Arrival.OUTCOMES;
	}

	/** Return whether {@link #poll} has left the beginning of a frame. */
	boolean hasBufferedFrame() {
		return this.end - this.start >= FrameHeader.SIZE;
	}

	private boolean fill() throws IOException {
		if (this.start > 0) {
			System.arraycopy(this.buffer, this.start, this.buffer, 0, this.end - this.start);
			this.end -= this.start;
			this.start = 0;
			this.frameStart = 0;
		}
		int count = this.socket.read(this.buffer, this.end, this.buffer.length - this.end);
		if (count < 0) {
			if (this.end > 0) {
				throw new EOFException("the stream ends within a frame");
			}
			return false;
		}
		this.end += count;
		this.bytesRead += count;
		requireFewHandles();
		return true;
	}

	/** Refuse too many handles; a frame brings at most one, as does a read. */
	private void requireFewHandles() throws MalformedFrameException {
		if (this.socket.received() > ChannelOptions.HANDLE_WINDOW) {
			throw new MalformedFrameException("more handles than the receiver has agreed to keep");
		}
	}

	private void requireNoStrayHandle() throws MalformedFrameException {
		if (this.start == this.end && this.socket.received() > 0) {
			throw new MalformedFrameException("a handle arrived that no frame announced");
		}
	}

	void limit(int newMaxFrameSize) {
		this.maxFrameSize = newMaxFrameSize;
	}

	/** Accept handles. Otherwise the kernel closes them. */
	void acceptHandles() {
		this.socket.acceptHandles(true);
		this.acceptsHandles = true;
	}

	long bytesRead() {
		return this.bytesRead;
	}

	/**
	 * Return the beginning of the last frame, or of the bytes that were read as one.
	 * @return up to 64 bytes, in hexadecimal digits
	 */
	String excerpt() {
		return EXCERPT_FORMAT.formatHex(this.buffer, this.frameStart, Math.min(this.end, this.frameStart + EXCERPT));
	}

	private FrameHeader readHeader() throws MalformedFrameException {
		this.frameStart = this.start;
		return FrameHeader.read(this.view, this.start, this.maxFrameSize);
	}

	private void readFrame(FrameHeader header, Sink sink) throws IOException {
		this.start += FrameHeader.SIZE;
		Handle handle = announcedHandle(header);
		try {
			byte[] headerBytes = readBody(header.headersLength());
			byte[] payload = readBody(header.bodyLength() - header.headersLength());
			Map<String, String> headers = HeaderCodec.decode(headerBytes, 0, headerBytes.length);
			if (header.type() == FrameType.NAME) {
				this.names.learn(header.destination(), new String(payload, StandardCharsets.UTF_8));
				return;
			}
			if (header.handleKind() != null && handle == null) {
				headers = new LinkedHashMap<>(headers);
				headers.put(Frame.REFUSED_HANDLE, header.handleKind().toString());
			}
			Frame frame = new Frame(header.type(), header.id(), this.names.resolve(header.destination(), headers),
					header.content(), headers, payload, header.remaining(), handle);
			handle = null;
			sink.accept(frame, header.acknowledged());
		}
		finally {
			if (handle != null) {
				handle.close();
			}
		}
	}

	private @Nullable Handle announcedHandle(FrameHeader header) throws IOException {
		if (header.handleKind() == null || !this.acceptsHandles) {
			return null;
		}
		Handle handle = this.socket.pollReceived(header.handleKind());
		if (handle == null) {
			throw new MalformedFrameException("the announced " + header.handleKind() + " did not arrive");
		}
		return handle;
	}

	private byte[] readBody(int length) throws IOException {
		int buffered = Math.min(length, this.end - this.start);
		byte[] body = Arrays.copyOfRange(this.buffer, this.start, this.start + buffered);
		this.start += buffered;
		if (buffered == length) {
			return body;
		}
		body = Arrays.copyOf(body, length);
		for (int have = buffered; have < length;) {
			int count = this.socket.read(body, have, length - have);
			if (count < 0) {
				throw new EOFException("the stream ends within a frame");
			}
			have += count;
			this.bytesRead += count;
			requireFewHandles();
		}
		return body;
	}

	/**
	 * Takes frames.
	 */
	interface Sink {

		/**
		 * Receive a frame.
		 * @param frame the frame
		 * @param acknowledged how many bytes its sender had read
		 * @throws MalformedFrameException if the frame must not come now
		 */
		void accept(Frame frame, long acknowledged) throws MalformedFrameException;

	}

}
