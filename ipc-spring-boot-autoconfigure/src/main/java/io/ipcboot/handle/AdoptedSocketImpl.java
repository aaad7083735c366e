package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;

import org.jspecify.annotations.Nullable;

/**
 * Base of the sockets that are adopted in a JVM that hides {@code sun.nio.ch}. Such a
 * socket exists and is bound already, and closing it gives up this process's copy of the
 * descriptor.
 */
abstract class AdoptedSocketImpl extends SocketImpl {

	final InetSocketAddress local;

	AdoptedSocketImpl(FileDescriptor descriptor) {
		this.fd = descriptor;
		this.local = orNone(SocketName.local(descriptor));
		this.localport = this.local.getPort();
	}

	/** Replace the address of a Unix-domain socket, which the JDK's class cannot hold. */
	static InetSocketAddress orNone(@Nullable InetSocketAddress address) {
		return (address != null) ? address : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
	}

	@Override
	protected void create(boolean stream) {
		// exists
	}

	@Override
	protected void bind(InetAddress host, int port) {
		// is bound
	}

	@Override
	protected void listen(int backlog) {
		// listens
	}

	@Override
	protected void connect(SocketAddress address, int timeout) {
		// is connected
	}

	@Override
	protected void connect(String host, int port) throws IOException {
		throw new SocketException("Already connected");
	}

	@Override
	protected void connect(InetAddress address, int port) throws IOException {
		throw new SocketException("Already connected");
	}

	@Override
	protected void accept(SocketImpl accepted) throws IOException {
		throw new SocketException("Not supported");
	}

	@Override
	protected void sendUrgentData(int data) throws IOException {
		throw new SocketException("Urgent data is not supported");
	}

	@Override
	public Object getOption(int option) throws SocketException {
		if (option == SocketOptions.SO_BINDADDR) {
			return this.local.getAddress();
		}
		throw new SocketException("Unsupported option: " + option);
	}

	@Override
	public void setOption(int option, Object value) throws SocketException {
		throw new SocketException("Unsupported option: " + option);
	}

}
