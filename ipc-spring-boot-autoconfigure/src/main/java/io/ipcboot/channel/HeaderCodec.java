package io.ipcboot.channel;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Application headers on the wire: a 16-bit count, then for each header a 16-bit length
 * and the name, a 32-bit length and the value, both UTF-8.
 */
final class HeaderCodec {

	/** The largest block of headers on the wire. */
	static final int MAX_LENGTH = 64 * 1024;

	/** The most headers that a block can have. */
	static final int MAX_COUNT = 1000;

	/** The rough memory overhead of a header besides its characters. */
	static final int OVERHEAD = 100;

	/** The part of {@link #MAX_LENGTH} for the name of a destination without a number. */
	static final int NAME_ROOM = 4 * 1024;

	private static final byte[] NONE = new byte[0];

	private HeaderCodec() {
	}

	/**
	 * Encode the headers of a message.
	 * @throws IllegalArgumentException if the headers do not fit into a frame
	 */
	static byte[] encode(Map<String, String> headers) {
		if (headers.isEmpty()) {
			return NONE;
		}
		if (headers.size() > MAX_COUNT) {
			throw new IllegalArgumentException(
					"A message has %,d headers; the limit is %,d".formatted(headers.size(), MAX_COUNT));
		}
		byte[] bytes = encodeAll(headers);
		if (bytes.length > MAX_LENGTH - NAME_ROOM) {
			throw new IllegalArgumentException("The headers of a message take %,d bytes; the limit is %,d bytes"
				.formatted(bytes.length, MAX_LENGTH - NAME_ROOM));
		}
		return bytes;
	}

	/**
	 * Encode one more header after headers that {@link #encode} accepted.
	 */
	static byte[] encodeWith(String name, String value, Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		all.put(name, value);
		return encodeAll(all);
	}

	private static byte[] encodeAll(Map<String, String> headers) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeShort(headers.size());
			for (Map.Entry<String, String> header : headers.entrySet()) {
				byte[] name = header.getKey().getBytes(StandardCharsets.UTF_8);
				byte[] value = header.getValue().getBytes(StandardCharsets.UTF_8);
				out.writeShort(name.length);
				out.write(name);
				out.writeInt(value.length);
				out.write(value);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	static Map<String, String> decode(byte[] bytes, int offset, int length) throws MalformedFrameException {
		if (length == 0) {
			return Map.of();
		}
		ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
		try {
			int count = Short.toUnsignedInt(buffer.getShort());
			// one more for the name of a destination that has no number
			if (count > MAX_COUNT + 1) {
				throw new MalformedFrameException("%,d headers".formatted(count));
			}
			Map<String, String> headers = new LinkedHashMap<>();
			for (int i = 0; i < count; i++) {
				String name = text(buffer, Short.toUnsignedInt(buffer.getShort()));
				headers.put(name, text(buffer, buffer.getInt()));
			}
			if (!buffer.hasRemaining()) {
				return headers;
			}
		}
		catch (BufferUnderflowException ex) {
			// reported below
		}
		throw new MalformedFrameException("headers do not fill their length");
	}

	private static String text(ByteBuffer buffer, int length) {
		if (length < 0 || length > buffer.remaining()) {
			throw new BufferUnderflowException();
		}
		String text = new String(buffer.array(), buffer.arrayOffset() + buffer.position(), length,
				StandardCharsets.UTF_8);
		buffer.position(buffer.position() + length);
		return text;
	}

}
