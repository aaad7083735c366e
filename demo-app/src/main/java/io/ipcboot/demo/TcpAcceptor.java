package io.ipcboot.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.web.server.PortInUseException;

/**
 * Opens a port, and accepts connections on it.
 */
public final class TcpAcceptor {

	private static final Log logger = LogFactory.getLog(TcpAcceptor.class);

	private TcpAcceptor() {
	}

	/**
	 * Open a port that can be reached from this machine only.
	 * @param port the port, 0 for a free one
	 * @return a server socket, owned by the caller
	 * @throws PortInUseException if another process has the port
	 * @throws IOException if the port cannot be opened for another reason
	 */
	public static ServerSocketChannel open(int port) throws IOException {
		ServerSocketChannel socket = ServerSocketChannel.open();
		try {
			return socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (BindException ex) {
			socket.close();
			throw new PortInUseException(port, ex);
		}
	}

	/**
	 * Accept connections on a new thread, until the socket is closed.
	 * @param socket the server socket
	 * @param connections gets every connection, and owns it unless it throws
	 */
	public static void accept(ServerSocketChannel socket, Consumer<SocketChannel> connections) {
		new Thread(() -> {
			while (socket.isOpen()) {
				acceptOne(socket, connections);
			}
		}, "accept-" + socket.socket().getLocalPort()).start();
	}

	private static void acceptOne(ServerSocketChannel socket, Consumer<SocketChannel> connections) {
		try {
			SocketChannel connection = socket.accept();
			try {
				connections.accept(connection);
			}
			catch (RuntimeException ex) {
				connection.close();
				throw ex;
			}
		}
		catch (ClosedChannelException ex) {
			// the loop ends
		}
		catch (IOException | RuntimeException ex) {
			logger.warn("Cannot serve a connection", ex);
		}
	}

}
