package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFGenericSocketAddress;
import org.newsclub.net.unix.AFSocketAddress;

/**
 * The addresses of an internet socket, getsockname(2) and getpeername(2). junixsocket
 * offers these calls to its own types of addresses only, so this class extends one. A
 * socket of junixsocket would make the descriptor blocking when it is asked for its
 * address, and junixsocket never releases an address that it has created an object for.
 */
abstract class SocketName extends AFSocketAddress {

	private static final int AF_INET = 2;

	private static final int AF_INET6 = 10;

	/** Precedes an address in the name that junixsocket gives it. */
	private static final String PREFIX = "[";

	private static final String SUFFIX = ".generic.junixsocket";

	/** Only satisfies the compiler: there are no instances. */
	private SocketName() throws SocketException {
		super(0, new byte[0], null, AFGenericSocketAddress.addressFamily());
	}

	/**
	 * Return the address that the socket is bound to.
	 * @return the address, or {@code null} if the descriptor is no internet socket
	 */
	static @Nullable InetSocketAddress local(FileDescriptor descriptor) {
		return decode(descriptor, false);
	}

	/**
	 * Return the address that the socket is connected to.
	 * @return the address, or {@code null} if the descriptor is no connected internet
	 * socket
	 */
	static @Nullable InetSocketAddress remote(FileDescriptor descriptor) {
		return decode(descriptor, true);
	}

	private static @Nullable InetSocketAddress decode(FileDescriptor descriptor, boolean remote) {
		try {
			InetAddress wrapped = getInetAddress(descriptor, remote, AFGenericSocketAddress.addressFamily());
			return (wrapped != null) ? decode(unwrap(wrapped.getHostName())) : null;
		}
		catch (IllegalStateException ex) {
			// the address is too long for an internet address
			return null;
		}
	}

	private static byte[] unwrap(String name) {
		if (!name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
			return new byte[0];
		}
		String encoded = name.substring(PREFIX.length(), name.length() - SUFFIX.length());
		return encoded.startsWith("%%") ? new byte[0]
				: URLDecoder.decode(encoded, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * Decode a {@code sockaddr_in}: family, port, address; or a {@code sockaddr_in6}:
	 * family, port, flow, address, scope. The family is in the machine's byte order.
	 */
	private static @Nullable InetSocketAddress decode(byte[] address) {
		int family = (address.length >= 16) ? address[0] + address[1] : -1;
		byte[] host;
		if (family == AF_INET) {
			host = Arrays.copyOfRange(address, 4, 8);
		}
		else if (family == AF_INET6 && address.length >= 24) {
			host = Arrays.copyOfRange(address, 8, 24);
		}
		else {
			return null;
		}
		try {
			return new InetSocketAddress(InetAddress.getByAddress(host), (address[2] & 0xFF) << 8 | address[3] & 0xFF);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
