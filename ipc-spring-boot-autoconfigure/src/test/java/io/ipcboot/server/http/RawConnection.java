package io.ipcboot.server.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection that speaks HTTP/1.1. Unlike a library, it stays open until the server
 * ends it, and shows all headers as they are.
 */
final class RawConnection implements AutoCloseable {

	/** Milliseconds, for an answer on a busy machine. */
	private static final int PATIENCE = 90_000;

	private final Socket socket;

	private final InputStream in;

	RawConnection(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setSoTimeout(PATIENCE);
		this.socket.setTcpNoDelay(true);
		this.in = new BufferedInputStream(this.socket.getInputStream());
	}

	/** Send a request without reading its response. */
	void send(String path, String... headers) throws IOException {
		StringBuilder request = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
	}

	void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	/** Whether the response to what was sent begins within a short time. */
	boolean isAnswered() throws IOException {
		this.socket.setSoTimeout(1_000);
		try {
			this.in.mark(1);
			boolean answered = this.in.read() >= 0;
			this.in.reset();
			return answered;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		finally {
			this.socket.setSoTimeout(PATIENCE);
		}
	}

	/** Read a response up to its body. */
	Head head() throws IOException {
		String status = line();
		List<String> headers = new ArrayList<>();
		for (String header = line(); !header.isEmpty(); header = line()) {
			headers.add(header);
		}
		return new Head(Integer.parseInt(status.split(" ")[1]), headers);
	}

	/** Read a response whose body is short. */
	String body() throws IOException {
		Head head = head();
		if (!head.isChunked()) {
			return text((int) head.length());
		}
		StringBuilder body = new StringBuilder();
		for (int size = size(); size > 0; size = size()) {
			body.append(text(size));
			line();
		}
		line();
		return body.toString();
	}

	/** Read a body that may be long, and return how long it is. */
	long skipBody(Head head) throws IOException {
		if (!head.isChunked()) {
			this.in.skipNBytes(head.length());
			return head.length();
		}
		long length = 0;
		for (int size = size(); size > 0; size = size()) {
			this.in.skipNBytes(size);
			line();
			length += size;
		}
		return length;
	}

	private int size() throws IOException {
		return Integer.parseInt(line(), 16);
	}

	String text(int length) throws IOException {
		byte[] bytes = this.in.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException("The connection ended in the midst of an answer");
		}
		return new String(bytes, StandardCharsets.US_ASCII);
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next < 0) {
				throw new EOFException("The connection ended after '" + line + "'");
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	record Head(int status, List<String> headers) {

		/** The values of all headers with a name. */
		List<String> values(String name) {
			return this.headers.stream()
				.filter((header) -> header.regionMatches(true, 0, name + ":", 0, name.length() + 1))
				.map((header) -> header.substring(name.length() + 1).trim())
				.toList();
		}

		boolean isChunked() {
			return values("Transfer-Encoding").contains("chunked");
		}

		long length() {
			return values("Content-Length").stream().mapToLong(Long::parseLong).findFirst().orElse(0);
		}

	}

}
