package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFGenericSocketAddress;

/**
 * What the two ways to adopt a socket in a JVM that hides {@code sun.nio.ch} have in
 * common: the socket exists and is bound already, and closing it gives up this process's
 * copy of the descriptor.
 */
abstract class AdoptedSocketImpl extends SocketImpl {

	/** The length of a {@code sockaddr_in}; a {@code sockaddr_in6} is longer. */
	private static final int IPV4_LENGTH = 16;

	final InetSocketAddress local;

	AdoptedSocketImpl(FileDescriptor descriptor, @Nullable SocketAddress local) throws IOException {
		this.fd = descriptor;
		this.local = internetAddress(local);
		this.localport = this.local.getPort();
	}

	/**
	 * Decode the operating system's form of an address: family, port, for IPv6 the flow,
	 * address.
	 * @return the address, or a substitute for what is none of the internet
	 */
	static InetSocketAddress internetAddress(@Nullable SocketAddress address) throws IOException {
		if (!(address instanceof AFGenericSocketAddress generic)) {
			return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		}
		byte[] bytes = generic.toBytes();
		int port = (bytes[2] & 0xFF) << 8 | bytes[3] & 0xFF;
		byte[] host = (bytes.length <= IPV4_LENGTH) ? Arrays.copyOfRange(bytes, 4, 8)
				: Arrays.copyOfRange(bytes, 8, 24);
		return new InetSocketAddress(InetAddress.getByAddress(host), port);
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
