package io.ipcboot.server.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One connection that speaks HTTP/2 from the start, frame by frame, and does what no
 * library lets see: it tells when it is asked to go away.
 */
final class Http2Client implements AutoCloseable {

	static final int DATA = 0;

	static final int GO_AWAY = 7;

	private static final int HEADERS = 1;

	private static final int SETTINGS = 4;

	private static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private static final int ACK = 1;

	private final Socket socket;

	private final DataInputStream in;

	private final DataOutputStream out;

	Http2Client(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setSoTimeout(30_000);
		this.in = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
		this.out = new DataOutputStream(this.socket.getOutputStream());
		this.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		write(SETTINGS, 0, 0, new byte[0]);
	}

	void get(int stream, String path) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		// GET and http are in the static table, the others are literals
		block.write(0x82);
		block.write(0x86);
		literal(block, 0x04, path);
		literal(block, 0x01, "localhost");
		write(HEADERS, END_HEADERS | END_STREAM, stream, block.toByteArray());
	}

	private static void literal(ByteArrayOutputStream block, int name, String value) {
		byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
		if (bytes.length >= 127) {
			throw new IllegalArgumentException("Longer than one byte says: " + value);
		}
		block.write(name);
		block.write(bytes.length);
		block.writeBytes(bytes);
	}

	/** Read until a frame of a type comes, and return what it says. */
	String await(int type) throws IOException {
		while (true) {
			int length = (this.in.readUnsignedShort() << 8) | this.in.readUnsignedByte();
			int received = this.in.readUnsignedByte();
			int flags = this.in.readUnsignedByte();
			this.in.readInt();
			byte[] payload = this.in.readNBytes(length);
			if (received == SETTINGS && (flags & ACK) == 0) {
				write(SETTINGS, ACK, 0, new byte[0]);
			}
			if (received == type && length > 0) {
				return new String(payload, StandardCharsets.ISO_8859_1);
			}
		}
	}

	private void write(int type, int flags, int stream, byte[] payload) throws IOException {
		this.out.writeByte(payload.length >>> 16);
		this.out.writeShort(payload.length);
		this.out.writeByte(type);
		this.out.writeByte(flags);
		this.out.writeInt(stream);
		this.out.write(payload);
		this.out.flush();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
