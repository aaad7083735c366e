package io.ipcboot.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.ipcboot.handle.HandleKind;

/**
 * A frame as it is written by somebody who need not keep to any rule.
 */
public final class WireFrame {

	private byte magic = (byte) 0xC5;

	private byte type;

	private byte content = Content.BYTES.code();

	private byte kind;

	private int bodyLength;

	private int headersLength;

	private int destination;

	private long id;

	private long acknowledged;

	private long remaining;

	private byte[] body = new byte[0];

	private WireFrame(FrameType type) {
		this.type = type.code();
	}

	public static WireFrame of(FrameType type) {
		return new WireFrame(type);
	}

	/** A frame as it would be written, but for its handle and its destination. */
	public static WireFrame of(Frame frame) {
		byte[] headers = HeaderCodec.encode(frame.headers());
		byte[] body = ByteBuffer.allocate(headers.length + frame.payload().length)
			.put(headers)
			.put(frame.payload())
			.array();
		return of(frame.type()).id(frame.id())
			.content(frame.content().code())
			.remaining(frame.remaining())
			.body(body)
			.headersLength(headers.length);
	}

	/** A message to the destination that has number 1. */
	public static WireFrame message(long id, String text) {
		return of(FrameType.MESSAGE).id(id).destination(1).text(text);
	}

	public static WireFrame name(int number, String name) {
		return of(FrameType.NAME).destination(number).text(name);
	}

	public WireFrame magic(int newMagic) {
		this.magic = (byte) newMagic;
		return this;
	}

	public WireFrame type(int newType) {
		this.type = (byte) newType;
		return this;
	}

	public WireFrame content(int newContent) {
		this.content = (byte) newContent;
		return this;
	}

	public WireFrame kind(HandleKind newKind) {
		return kind(newKind.code());
	}

	public WireFrame kind(int newKind) {
		this.kind = (byte) newKind;
		return this;
	}

	public WireFrame bodyLength(int newLength) {
		this.bodyLength = newLength;
		return this;
	}

	public WireFrame headersLength(int newLength) {
		this.headersLength = newLength;
		return this;
	}

	public WireFrame destination(int newDestination) {
		this.destination = newDestination;
		return this;
	}

	public WireFrame id(long newId) {
		this.id = newId;
		return this;
	}

	public WireFrame acknowledged(long newAcknowledged) {
		this.acknowledged = newAcknowledged;
		return this;
	}

	public WireFrame remaining(long newRemaining) {
		this.remaining = newRemaining;
		return this;
	}

	/** Set the body, and its length to what it is. */
	public WireFrame body(byte[] newBody) {
		this.body = newBody;
		this.bodyLength = newBody.length;
		return this;
	}

	/** Set the body to a text. */
	public WireFrame text(String text) {
		return content(Content.TEXT.code()).body(text.getBytes(StandardCharsets.UTF_8));
	}

	public byte[] bytes() {
		return ByteBuffer.allocate(FrameHeader.SIZE + this.body.length)
			.put(this.magic)
			.put(this.type)
			.put(this.content)
			.put(this.kind)
			.putInt(this.bodyLength)
			.putInt(this.headersLength)
			.putInt(this.destination)
			.putLong(this.id)
			.putLong(this.acknowledged)
			.putLong(this.remaining)
			.put(this.body)
			.array();
	}

	/** The header alone. */
	public byte[] header() {
		return Arrays.copyOf(bytes(), FrameHeader.SIZE);
	}

}
