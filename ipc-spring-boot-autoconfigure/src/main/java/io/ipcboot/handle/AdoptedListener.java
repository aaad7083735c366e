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
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFServerSocketChannel;
import org.newsclub.net.unix.AFSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A listener adopted in a JVM that hides {@code sun.nio.ch}. It waits with a selector,
 * which {@link #close()} can wake up; junixsocket's own server socket would call
 * {@code shutdown(2)} for that, and so stop the listener in every process.
 */
final class AdoptedListener extends AdoptedSocketImpl {

	private final AFServerSocketChannel<?> view;

	private final Selector selector;

	private final ReentrantLock accepting = new ReentrantLock();

	private volatile boolean closed;

	private volatile int timeout;

	private AdoptedListener(FileDescriptor descriptor, AFServerSocketChannel<?> view) throws IOException {
		super(descriptor);
		this.address = this.local.getAddress();
		this.view = view;
		view.configureBlocking(false);
		this.selector = view.provider().openSelector();
		view.register(this.selector, SelectionKey.OP_ACCEPT);
	}

	static ServerSocket adopt(FileDescriptor descriptor) throws IOException {
		AFServerSocketChannel<?> view = FileDescriptorCast.using(descriptor).as(AFServerSocketChannel.class);
		AdoptedListener listener = new AdoptedListener(descriptor, view);
		ServerSocket socket = new ListeningSocket(listener);
		socket.bind(listener.local);
		return socket;
	}

	private Socket accept() throws IOException {
		this.accepting.lock();
		try {
			while (!this.closed) {
				await();
				this.selector.selectedKeys().clear();
				AFSocketChannel<?> accepted = this.closed ? null : this.view.accept();
				if (accepted != null) {
					return adopt(accepted);
				}
				// another process was faster
			}
			throw new SocketException("Socket closed");
		}
		finally {
			this.accepting.unlock();
		}
	}

	private void await() throws IOException {
		// for junixsocket's selector, unlike the JDK's, a timeout of 0 is no time at all
		int ready = (this.timeout > 0) ? this.selector.select(this.timeout) : this.selector.select();
		if (ready == 0 && this.timeout > 0 && !this.closed) {
			throw new SocketTimeoutException("Accept timed out");
		}
	}

	private Socket adopt(AFSocketChannel<?> accepted) throws IOException {
		try (accepted) {
			FileDescriptor duplicate = Descriptors.duplicate(accepted.getFileDescriptor());
			// without a descriptor, close() cannot shut the connection down
			Descriptors.close(accepted.getFileDescriptor());
			return AdoptedConnection.adopt(duplicate);
		}
	}

	@Override
	protected void close() throws IOException {
		this.closed = true;
		this.selector.wakeup();
		this.accepting.lock();
		try {
			this.selector.close();
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

		private final AdoptedListener listener;

		ListeningSocket(AdoptedListener listener) {
			super(listener);
			this.listener = listener;
		}

		@Override
		public Socket accept() throws IOException {
			return this.listener.accept();
		}

	}

}
