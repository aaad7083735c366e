package io.ipcboot;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A client, and this process's side of its connection.
 *
 * @param socket the client's side
 * @param accepted the side to hand over
 */
record Client(Socket socket, SocketChannel accepted) implements Closeable {

	static final int PATIENCE_MILLIS = 20_000;

	static ServerSocketChannel listen() throws IOException {
		return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
	}

	static int port(ServerSocketChannel listener) throws IOException {
		return ((InetSocketAddress) listener.getLocalAddress()).getPort();
	}

	static Client connect(ServerSocketChannel listener) throws IOException {
		return new Client(connect(port(listener)), listener.accept());
	}

	static Socket connect(int port) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
		socket.setSoTimeout(PATIENCE_MILLIS);
		return socket;
	}

	/** Whether nobody listens on a port any more. */
	static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Everything that the other side says until it closes the connection. */
	String answer() throws IOException {
		return answer(this.socket);
	}

	static String answer(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		this.accepted.close();
	}

}
