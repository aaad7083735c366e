package io.ipcboot.channel;

import java.util.Map;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * One unit on a channel. The payload array belongs to the frame and must not be changed
 * once the frame has been created.
 *
 * @param type what the frame is for
 * @param id the number of a message or call, or of the call that the frame refers to
 * @param destination the destination of a message or call, empty for other types
 * @param content how to read the payload
 * @param headers application headers
 * @param payload the payload
 * @param remaining nanoseconds that are left for a call, or 0 if it has no deadline
 * @param handle the handle that travels with the frame; owned by the holder of the frame
 */
public record Frame(FrameType type, long id, String destination, Content content, Map<String, String> headers,
		byte[] payload, long remaining, @Nullable Handle handle) {

	static final String REFUSED_HANDLE = ":refused-handle";

	private static final byte[] EMPTY = new byte[0];

	/**
	 * Create a frame without destination, payload and handle.
	 * @param type what the frame is for
	 * @param id the id to which the frame refers
	 * @param headers the headers
	 * @return the frame
	 */
	public static Frame control(FrameType type, long id, Map<String, String> headers) {
		return new Frame(type, id, "", Content.NULL, headers, EMPTY, 0, null);
	}

	/**
	 * Create a message that is not ordered.
	 * @param destination the destination
	 * @param content how to read the payload
	 * @param payload the payload
	 * @param handle the handle that travels with it
	 * @return the frame
	 */
	public static Frame urgent(String destination, Content content, byte[] payload, @Nullable Handle handle) {
		return new Frame(FrameType.URGENT, 0, destination, content, Map.of(DestinationNames.HEADER, destination),
				payload, 0, handle);
	}

	/**
	 * Create the successful outcome of a call.
	 * @param id the call's id
	 * @param destination the call's destination, for error messages; does not travel
	 * @param content how to read the payload
	 * @param payload the reply
	 * @return the frame
	 */
	public static Frame reply(long id, String destination, Content content, byte[] payload) {
		return new Frame(FrameType.REPLY, id, destination, content, Map.of(), payload, 0, null);
	}

	/**
	 * Return the same frame with a handle.
	 * @param newHandle the handle
	 * @return a frame that owns the handle
	 */
	public Frame withHandle(Handle newHandle) {
		return new Frame(this.type, this.id, this.destination, this.content, this.headers, this.payload, this.remaining,
				newHandle);
	}

	/**
	 * Return whether the peer sent a handle with the frame although this side accepts
	 * none. The kernel closed the handle.
	 * @return {@code true} if the handle of the frame was refused
	 */
	public boolean isHandleRefused() {
		return !this.headers.isEmpty() && this.headers.containsKey(REFUSED_HANDLE);
	}

	/**
	 * Encode the headers, and refuse a frame that is too large.
	 * @param peer the receiver, or {@code null} if none was chosen yet
	 * @param maxFrameSize the largest payload plus headers, in bytes
	 * @return the headers as they travel
	 * @throws IllegalArgumentException if there are more headers than a frame can have
	 * @throws MessageTooLargeException if the frame exceeds the limit
	 */
	public byte[] encodeHeaders(@Nullable PeerId peer, int maxFrameSize) {
		byte[] encoded = HeaderCodec.encode(this.headers);
		requireSize(encoded, peer, maxFrameSize);
		return encoded;
	}

	void requireSize(byte[] encodedHeaders, @Nullable PeerId peer, int maxFrameSize) {
		long size = (long) this.payload.length + encodedHeaders.length;
		if (size > maxFrameSize) {
			throw new MessageTooLargeException(peer, this.destination, size, maxFrameSize);
		}
	}

	/**
	 * Return roughly how much memory the frame takes while it waits.
	 * @return bytes of the payload and the headers, and some more
	 */
	public long weight() {
		long weight = FrameHeader.SIZE + this.payload.length;
		for (Map.Entry<String, String> header : this.headers.entrySet()) {
			weight += HeaderCodec.OVERHEAD + header.getKey().length() + header.getValue().length();
		}
		return weight;
	}

	@Override
	public String toString() {
		return "%s #%d %s%s, %d bytes".formatted(this.type, this.id, UntrustedText.line(this.destination),
				(this.handle != null) ? " with " + this.handle : "", this.payload.length);
	}

}
