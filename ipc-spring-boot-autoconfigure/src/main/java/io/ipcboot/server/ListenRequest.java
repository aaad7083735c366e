package io.ipcboot.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A worker's wish to listen.
 *
 * @param connector the place of its connector
 * @param host the address in numbers, or {@code null} for all of them
 * @param port the port, or 0 for any
 * @param backlog how many connections may wait to be accepted
 */
record ListenRequest(int connector, @Nullable String host, int port, int backlog) {

	private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[\\w.-]+)?");

	static ListenRequest of(int connector, InetSocketAddress address, int backlog) {
		return new ListenRequest(connector, host(address), address.getPort(), backlog);
	}

	static @Nullable String host(InetSocketAddress address) {
		InetAddress host = address.getAddress();
		return (host == null || host.isAnyLocalAddress()) ? null : host.getHostAddress();
	}

	InetSocketAddress address() throws UnknownHostException {
		if (this.host != null && !NUMERIC.matcher(this.host).matches()) {
			// anything else would be looked up
			throw new UnknownHostException("The address to listen on is not in numbers");
		}
		return address(this.host, this.port);
	}

	static InetSocketAddress address(@Nullable String host, int port) throws UnknownHostException {
		return (host != null) ? new InetSocketAddress(InetAddress.getByName(host), port) : new InetSocketAddress(port);
	}

}
