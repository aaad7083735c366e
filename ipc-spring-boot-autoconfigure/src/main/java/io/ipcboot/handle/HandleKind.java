package io.ipcboot.handle;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of descriptors that sender and receiver have to tell apart.
 */
public enum HandleKind {

	/** A listening TCP socket. */
	TCP_LISTENER(1, "listening TCP socket"),

	/** A connected TCP socket. */
	TCP_SOCKET(2, "connected TCP socket"),

	/** A bound UDP socket. */
	UDP_SOCKET(3, "UDP socket"),

	/** A listening Unix-domain stream socket. */
	UNIX_LISTENER(4, "listening Unix-domain socket"),

	/** A connected Unix-domain stream socket. */
	UNIX_SOCKET(5, "connected Unix-domain socket"),

	/** A file or device. */
	FILE(6, "file"),

	/** The readable end of a pipe. */
	PIPE_SOURCE(7, "readable end of a pipe"),

	/** The writable end of a pipe. */
	PIPE_SINK(8, "writable end of a pipe");

	private static final HandleKind[] BY_CODE = new HandleKind[9];

	static {
		for (HandleKind kind : values()) {
			BY_CODE[kind.code] = kind;
		}
	}

	private final int code;

	private final String description;

	HandleKind(int code, String description) {
		this.code = code;
		this.description = description;
	}

	/**
	 * Return the number that stands for this kind on the wire.
	 * @return a number from 1 to 127
	 */
	public int code() {
		return this.code;
	}

	/**
	 * Return the kind with the given number.
	 * @param code the number on the wire
	 * @return the kind, or {@code null} if no kind has that number
	 */
	public static @Nullable HandleKind of(int code) {
		return (code > 0 && code < BY_CODE.length) ? BY_CODE[code] : null;
	}

	boolean isListening() {
		return this == TCP_LISTENER || this == UNIX_LISTENER;
	}

	/**
	 * Whether every process keeps its own copy when the handle is sent. Listening sockets
	 * and datagram sockets are shared, everything else is given away.
	 * @return {@code true} if the sender's object stays open
	 */
	public boolean isShared() {
		return isListening() || this == UDP_SOCKET;
	}

	@Override
	public String toString() {
		return this.description;
	}

}
