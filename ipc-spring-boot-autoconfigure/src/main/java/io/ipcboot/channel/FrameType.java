package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * What a frame is for. The codes are part of the wire format.
 */
public enum FrameType {

	/** The first frame in each direction: protocol version and facts about the sender. */
	HELLO(1),

	/** The worker's application is ready to take messages. */
	READY(2),

	/** Gives a destination a number for the rest of the channel's life. */
	NAME(3),

	/** A one-way message. */
	MESSAGE(4),

	/** A request for exactly one {@link #REPLY} or {@link #FAILURE}. */
	CALL(5),

	/** The successful outcome of a call. */
	REPLY(6),

	/** The failed outcome of a call, or of a message that carried a handle. */
	FAILURE(7),

	/**
	 * Cancels a call whose outcome the caller no longer wants, or recalls a one-way
	 * message that the receiver has not started.
	 */
	CANCEL(8),

	/** Reports the last message or call that the receiver's dispatcher started. */
	STARTED(9),

	/**
	 * Hands back a message or call that the receiver has not started and will not start.
	 */
	NOT_STARTED(10),

	/** Asks the peer to finish what it started, take nothing new and leave. */
	DRAIN(11),

	/** The sender leaves on purpose; the end of the stream follows. */
	BYE(12),

	/** Asks the peer for a sign of life. */
	PING(13),

	/** The sign of life, with the memory usage of the peer. */
	PONG(14),

	/** Gives a worker that was a spare its slot. */
	ASSIGN(15),

	/**
	 * A message that concerns the library itself, and does not wait behind messages of
	 * the application.
	 */
	URGENT(16);

	private static final FrameType[] BY_CODE = new FrameType[values().length + 1];

	static {
		for (FrameType type : values()) {
			BY_CODE[type.code] = type;
		}
	}

	private final byte code;

	FrameType(int code) {
		this.code = (byte) code;
	}

	byte code() {
		return this.code;
	}

	static @Nullable FrameType of(byte code) {
		return (code > 0 && code < BY_CODE.length) ? BY_CODE[code] : null;
	}

	/** Return whether a handle may travel with a frame of this type. */
	boolean takesHandle() {
		return this == HELLO || this == URGENT || isOrdered();
	}

	/** Return whether the frame concerns something that the receiver sent. */
	boolean isOutcome() {
		return this == REPLY || this == FAILURE || this == STARTED;
	}

	/**
	 * Return whether frames of this type are numbered, kept in order and counted against
	 * the receiver's window.
	 */
	boolean isOrdered() {
		return this == MESSAGE || this == CALL;
	}

}
