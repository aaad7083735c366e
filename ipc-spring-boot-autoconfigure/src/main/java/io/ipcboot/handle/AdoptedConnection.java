package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOptions;

import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A connection adopted in a JVM that hides {@code sun.nio.ch}. junixsocket moves the
 * bytes. The application does not get junixsocket's own socket, which would never close
 * the descriptor and does not know internet addresses.
 */
final class AdoptedConnection extends AdoptedSocketImpl {

	private final AFSocket<?> view;

	private AdoptedConnection(FileDescriptor descriptor, AFSocket<?> view) throws IOException {
		super(descriptor);
		this.view = view;
	}

	static Socket adopt(FileDescriptor descriptor) throws IOException {
		AFSocket<?> view = FileDescriptorCast.using(descriptor).as(AFSocket.class);
		AdoptedConnection connection = new AdoptedConnection(descriptor, view);
		InetSocketAddress remote = orNone(SocketName.remote(descriptor));
		connection.address = remote.getAddress();
		connection.port = remote.getPort();
		Socket socket = new ConnectedSocket(connection);
		socket.connect(remote);
		return socket;
	}

	@Override
	protected InputStream getInputStream() throws IOException {
		return this.view.getInputStream();
	}

	@Override
	protected OutputStream getOutputStream() throws IOException {
		return this.view.getOutputStream();
	}

	@Override
	protected int available() throws IOException {
		return this.view.getInputStream().available();
	}

	@Override
	protected void shutdownInput() throws IOException {
		this.view.getChannel().shutdownInput();
	}

	@Override
	protected void shutdownOutput() throws IOException {
		this.view.getChannel().shutdownOutput();
	}

	@Override
	protected void close() throws IOException {
		try {
			this.view.close();
		}
		finally {
			Descriptors.close(this.fd);
		}
	}

	@Override
	public Object getOption(int option) throws SocketException {
		return switch (option) {
			case SocketOptions.SO_TIMEOUT -> this.view.getSoTimeout();
			case SocketOptions.SO_LINGER -> this.view.getSoLinger();
			case SocketOptions.SO_KEEPALIVE -> this.view.getKeepAlive();
			case SocketOptions.TCP_NODELAY -> false;
			case SocketOptions.SO_SNDBUF -> this.view.getSendBufferSize();
			case SocketOptions.SO_RCVBUF -> this.view.getReceiveBufferSize();
			default -> super.getOption(option);
		};
	}

	@Override
	public void setOption(int option, Object value) throws SocketException {
		switch (option) {
			case SocketOptions.SO_TIMEOUT -> this.view.setSoTimeout((int) value);
			case SocketOptions.SO_LINGER ->
				this.view.setSoLinger(value instanceof Integer, (value instanceof Integer seconds) ? seconds : 0);
			case SocketOptions.SO_KEEPALIVE -> this.view.setKeepAlive((boolean) value);
			case SocketOptions.TCP_NODELAY -> {
				// only a hint, which junixsocket cannot pass on
			}
			case SocketOptions.SO_SNDBUF -> this.view.setSendBufferSize((int) value);
			case SocketOptions.SO_RCVBUF -> this.view.setReceiveBufferSize((int) value);
			default -> super.setOption(option, value);
		}
	}

	/** Makes the constructor accessible. */
	private static final class ConnectedSocket extends Socket {

		ConnectedSocket(AdoptedConnection connection) throws SocketException {
			super(connection);
		}

	}

}
