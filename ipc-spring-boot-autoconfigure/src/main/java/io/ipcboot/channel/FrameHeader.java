package io.ipcboot.channel;

import java.nio.ByteBuffer;

import io.ipcboot.handle.HandleKind;
import org.jspecify.annotations.Nullable;

/**
 * The fixed part at the start of every frame, 40 bytes, big-endian. It is validated
 * before anything is allocated.
 */
record FrameHeader(FrameType type, Content content, @Nullable HandleKind handleKind, int bodyLength, int headersLength,
		int destination, long id, long acknowledged, long remaining) {

	static final int SIZE = 40;

	private static final byte MAGIC = (byte) 0xC5;

	void writeTo(ByteBuffer buffer) {
		buffer.put(MAGIC)
			.put(this.type.code())
			.put(this.content.code())
			.put((byte) ((this.handleKind != null) ? this.handleKind.code() : 0))
			.putInt(this.bodyLength)
			.putInt(this.headersLength)
			.putInt(this.destination)
			.putLong(this.id)
			.putLong(this.acknowledged)
			.putLong(this.remaining);
	}

	/**
	 * Read and validate the header at the given index.
	 * @throws MalformedFrameException if it is no valid header
	 */
	static FrameHeader read(ByteBuffer buffer, int index, int maxBodyLength) throws MalformedFrameException {
		require(buffer.get(index) == MAGIC, "a frame starts with 0x%02x", buffer.get(index));
		FrameType type = FrameType.of(buffer.get(index + 1));
		Content content = Content.of(buffer.get(index + 2));
		int kindCode = buffer.get(index + 3);
		HandleKind kind = HandleKind.of(kindCode);
		int bodyLength = buffer.getInt(index + 4);
		int headersLength = buffer.getInt(index + 8);
		require(type != null, "unknown frame type %d", buffer.get(index + 1));
		require(content != null, "unknown content %d", buffer.get(index + 2));
		require(kind != null || kindCode == 0, "unknown kind of handle %d", kindCode);
		require(bodyLength >= 0 && bodyLength <= maxBodyLength, "a body of %d bytes", bodyLength);
		require(headersLength >= 0 && headersLength <= bodyLength && headersLength <= HeaderCodec.MAX_LENGTH,
				"headers of %d bytes", headersLength);
		FrameHeader header = new FrameHeader(type, content, kind, bodyLength, headersLength, buffer.getInt(index + 12),
				buffer.getLong(index + 16), buffer.getLong(index + 24), buffer.getLong(index + 32));
		require(header.remaining >= 0, "a remaining time of %d", header.remaining);
		require(header.acknowledged >= 0, "%d acknowledged bytes", header.acknowledged);
		return header;
	}

	private static void require(boolean valid, String problem, Object actual) throws MalformedFrameException {
		if (!valid) {
			throw new MalformedFrameException(problem.formatted(actual));
		}
	}

}
