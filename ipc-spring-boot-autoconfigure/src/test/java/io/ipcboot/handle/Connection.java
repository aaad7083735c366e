package io.ipcboot.handle;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * An accepted TCP connection on the loopback interface.
 *
 * @param <S> {@code SocketChannel} or {@code Socket}
 * @param client the end that connected
 * @param accepted the end that a test hands over
 */
record Connection<S extends Closeable>(TestClient client, S accepted) implements Closeable {

	static Connection<SocketChannel> channel() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			return new Connection<>(TestClient.connect(server.getLocalAddress()), server.accept());
		}
	}

	static Connection<Socket> socket() throws IOException {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return new Connection<>(TestClient.connect(server.getLocalSocketAddress()), server.accept());
		}
	}

	@Override
	public void close() throws IOException {
		try (this.client; this.accepted) {
			// closes in reverse order
		}
	}

}
