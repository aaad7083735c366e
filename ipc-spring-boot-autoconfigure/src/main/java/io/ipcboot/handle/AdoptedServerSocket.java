package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOptions;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import org.newsclub.net.unix.AFServerSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A server socket adopted in a JVM that hides {@code sun.nio.ch}. It waits with a
 * selector, which {@link #close()} can wake up. junixsocket's own server socket would
 * call {@code shutdown(2)} for that, which stops the socket in every process.
 */
final class AdoptedServerSocket extends AdoptedSocketImpl {

	private final AFServerSocketChannel<?> view;

	private final NextConnection next;

	private final ReentrantLock accepting = new ReentrantLock();

	private volatile boolean closed;

	private volatile int timeout;

	private AdoptedServerSocket(FileDescriptor descriptor, AFServerSocketChannel<?> view) throws IOException {
		super(descriptor);
		this.address = this.local.getAddress();
		this.view = view;
		this.next = new NextConnection(view);
	}

	static ServerSocket adopt(FileDescriptor descriptor) throws IOException {
		AFServerSocketChannel<?> view = FileDescriptorCast.using(descriptor).as(AFServerSocketChannel.class);
		AdoptedServerSocket adopted = new AdoptedServerSocket(descriptor, view);
		ServerSocket socket = new ListeningSocket(adopted);
		socket.bind(adopted.local);
		return socket;
	}

	private Socket accept() throws IOException {
		this.accepting.lock();
		try {
			while (!this.closed) {
				if (!this.next.await(this.timeout) && !this.closed) {
					throw new SocketTimeoutException("Accept timed out");
				}
				FileDescriptor accepted = this.closed ? null : this.next.poll();
				if (accepted != null) {
					return AdoptedConnection.adopt(accepted);
				}
				// another process was faster
			}
			throw new SocketException("Socket closed");
		}
		finally {
			this.accepting.unlock();
		}
	}

	@Override
	protected void close() throws IOException {
		this.closed = true;
		this.next.wakeUp();
		this.accepting.lock();
		try {
			this.next.close();
			Descriptors.close(this.fd);
			this.view.close();
		}
		finally {
			this.accepting.unlock();
		}
	}

	@Override
	protected InputStream getInputStream() throws IOException {
		throw new SocketException("Not connected");
	}

	@Override
	protected OutputStream getOutputStream() throws IOException {
		throw new SocketException("Not connected");
	}

	@Override
	protected int available() {
		return 0;
	}

	@Override
	public Object getOption(int option) throws SocketException {
		return (option == SocketOptions.SO_TIMEOUT) ? this.timeout : super.getOption(option);
	}

	@Override
	public void setOption(int option, Object value) throws SocketException {
		if (option == SocketOptions.SO_TIMEOUT) {
			this.timeout = (int) value;
			return;
		}
		super.setOption(option, value);
	}

	private static final class ListeningSocket extends ServerSocket {

		private final AdoptedServerSocket adopted;

		ListeningSocket(AdoptedServerSocket adopted) {
			super(adopted);
			this.adopted = adopted;
		}

		@Override
		public Socket accept() throws IOException {
			return this.adopted.accept();
		}

	}

}
