package io.ipcboot.handle;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The end of a connection that is never handed over: talks in lines.
 */
record TestClient(SocketChannel channel) implements Closeable {

	static TestClient connect(SocketAddress address) throws IOException {
		return new TestClient(SocketChannel.open(address));
	}

	void writeLine(String line) throws IOException {
		writeLine(this.channel, line);
	}

	String readLine() throws IOException {
		return readLine(this.channel);
	}

	boolean isAtEnd() throws IOException {
		return this.channel.read(ByteBuffer.allocate(1)) == -1;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

	static void writeLine(SocketChannel channel, String line) throws IOException {
		channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
	}

	/**
	 * Read one byte at a time, so that nothing is lost for whoever gets the channel next.
	 */
	static String readLine(SocketChannel channel) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		ByteBuffer next = ByteBuffer.allocate(1);
		while (channel.read(next.clear()) != -1) {
			if (next.get(0) == '\n') {
				return line.toString(StandardCharsets.UTF_8);
			}
			line.write(next.get(0));
		}
		throw new IOException("The connection ended after '" + line.toString(StandardCharsets.UTF_8) + "'");
	}

}
