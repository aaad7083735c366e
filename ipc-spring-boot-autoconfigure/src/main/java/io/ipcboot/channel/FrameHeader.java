package io.ipcboot.channel;

import java.nio.ByteBuffer;

import io.ipcboot.handle.HandleKind;
import org.jspecify.annotations.Nullable;

/**
 * The fixed part at the start of every frame, 40 bytes, big-endian. The header is
 * validated before anything is allocated.
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
	 * @throws MalformedFrameException if the bytes are not a valid header
	 */
	static FrameHeader read(ByteBuffer buffer, int index, int maxBodyLength) throws MalformedFrameException {
		require(buffer.get(index) == MAGIC, "a frame starts with 0x%02x", buffer.get(index));
		FrameType type = FrameType.of(buffer.get(index + 1));
		if (type == null) {
			throw new MalformedFrameException("unknown frame type " + buffer.get(index + 1));
		}
		Content content = Content.of(buffer.get(index + 2));
		if (content == null) {
			throw new MalformedFrameException("unknown content " + buffer.get(index + 2));
		}
		int kindCode = buffer.get(index + 3);
		FrameHeader header = new FrameHeader(type, content, HandleKind.of(kindCode), buffer.getInt(index + 4),
				buffer.getInt(index + 8), buffer.getInt(index + 12), buffer.getLong(index + 16),
				buffer.getLong(index + 24), buffer.getLong(index + 32));
		require(header.handleKind != null || kindCode == 0, "unknown kind of handle %d", kindCode);
		header.validate(maxBodyLength);
		return header;
	}

	private void validate(int maxBodyLength) throws MalformedFrameException {
		require(this.bodyLength >= 0 && this.bodyLength <= limit(maxBodyLength), "a body of %d bytes", this.bodyLength);
		require(this.headersLength >= 0 && this.headersLength <= this.bodyLength
				&& this.headersLength <= HeaderCodec.MAX_LENGTH, "headers of %d bytes", this.headersLength);
		require(this.handleKind == null || this.type.takesHandle(), "a handle with a frame of type %s", this.type);
		require(this.type.isOrdered() || this.type == FrameType.NAME || this.destination == 0,
				"a destination for a frame of type %s", this.type);
		require(this.id >= 0, "the id %d", this.id);
		require(this.remaining >= 0, "a remaining time of %d", this.remaining);
		require(this.acknowledged >= 0, "%d acknowledged bytes", this.acknowledged);
	}

	private long limit(int maxBodyLength) {
		if (this.type == FrameType.NAME) {
			return DestinationNames.MAX_NAME_BYTES;
		}
		// the name of a destination without a number is not the sender's to count
		return (this.type.isOrdered() && this.destination == 0) ? (long) maxBodyLength + HeaderCodec.NAME_ROOM
				: maxBodyLength;
	}

	private static void require(boolean valid, String problem, Object actual) throws MalformedFrameException {
		if (!valid) {
			throw new MalformedFrameException(problem.formatted(actual));
		}
	}

}
