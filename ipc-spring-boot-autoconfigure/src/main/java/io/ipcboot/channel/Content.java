package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * How a payload is to be read. The codes are part of the wire format.
 */
public enum Content {

	/** No value; the payload is empty. */
	NULL(0),

	/** Bytes as they are. */
	BYTES(1),

	/** UTF-8 text. */
	TEXT(2),

	/** One JSON value, UTF-8. */
	JSON(3),

	/** A JSON array with the values of an event, UTF-8. */
	VALUES(4);

	private static final Content[] BY_CODE = values();

	private final byte code;

	Content(int code) {
		this.code = (byte) code;
	}

	byte code() {
		return this.code;
	}

	static @Nullable Content of(byte code) {
		return (code >= 0 && code < BY_CODE.length) ? BY_CODE[code] : null;
	}

}
