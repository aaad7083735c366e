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
public final class TcpListener {

	private static final Log logger = LogFactory.getLog(TcpListener.class);

	private TcpListener() {
	}

	/**
	 * Open a port that can be reached from this machine only.
	 * @param port the port, 0 for a free one
	 * @return a listener, owned by the caller
	 * @throws PortInUseException if another process has the port
	 * @throws IOException if it cannot be opened for another reason
	 */
	public static ServerSocketChannel open(int port) throws IOException {
		ServerSocketChannel listener = ServerSocketChannel.open();
		try {
			return listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (BindException ex) {
			listener.close();
			throw new PortInUseException(port, ex);
		}
	}

	/**
	 * Accept connections on a thread of its own, until the listener is closed.
	 * @param listener where to accept
	 * @param connections gets every connection, and owns it unless it throws
	 */
	public static void accept(ServerSocketChannel listener, Consumer<SocketChannel> connections) {
		new Thread(() -> {
			while (listener.isOpen()) {
				acceptOne(listener, connections);
			}
		}, "accept-" + listener.socket().getLocalPort()).start();
	}

	private static void acceptOne(ServerSocketChannel listener, Consumer<SocketChannel> connections) {
		try {
			SocketChannel connection = listener.accept();
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
			logger.warn("A connection could not be served", ex);
		}
	}

}
