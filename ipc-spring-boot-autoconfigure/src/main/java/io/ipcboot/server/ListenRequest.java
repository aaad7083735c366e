package io.ipcboot.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A worker's request to listen on an address, with the parent's server socket.
 *
 * @param connector the place of the connector among those of the process
 * @param host the numeric address, or {@code null} for all addresses
 * @param port the port, or 0 for any
 * @param backlog how many connections may wait to be accepted
 */
record ListenRequest(int connector, @Nullable String host, int port, int backlog) {

	/** The length of the longest IPv6 address with the longest name of an interface. */
	private static final int MAX_HOST_LENGTH = 64;

	static ListenRequest of(int connector, InetSocketAddress address, int backlog) {
		return new ListenRequest(connector, host(address), address.getPort(), backlog);
	}

	static @Nullable String host(InetSocketAddress address) {
		InetAddress host = address.getAddress();
		return (host == null || host.isAnyLocalAddress()) ? null : host.getHostAddress();
	}

	InetSocketAddress address() throws UnknownHostException {
		if (this.host != null && !isNumeric(this.host)) {
			// a name would be looked up
			throw new UnknownHostException("The address to listen on is not numeric");
		}
		return address(this.host, this.port);
	}

	private static boolean isNumeric(String host) {
		if (host.length() > MAX_HOST_LENGTH) {
			return false;
		}
		if (host.indexOf(':') < 0) {
			return isVersion4(host);
		}
		int zone = host.indexOf('%');
		String address = (zone < 0) ? host : host.substring(0, zone);
		return address.indexOf(':') >= 0 && address.charAt(0) != '.'
				&& address.chars().allMatch((c) -> c == ':' || c == '.' || isLatin(c) && Character.digit(c, 16) >= 0)
				&& (zone < 0 || isZone(host.substring(zone + 1)));
	}

	/** Return whether a host is four numbers; the JDK looks up what is almost that. */
	private static boolean isVersion4(String host) {
		String[] numbers = host.split("\\.", -1);
		return numbers.length == 4 && Stream.of(numbers)
			.allMatch((number) -> !number.isEmpty() && number.length() <= 3
					&& number.chars().allMatch((c) -> c >= '0' && c <= '9') && Integer.parseInt(number) <= 255);
	}

	private static boolean isZone(String zone) {
		return !zone.isEmpty() && zone.chars()
			.allMatch((c) -> c == '_' || c == '.' || c == '-' || isLatin(c) && Character.isLetterOrDigit(c));
	}

	private static boolean isLatin(int character) {
		return character < 128;
	}

	static InetSocketAddress address(@Nullable String host, int port) throws UnknownHostException {
		return (host != null) ? new InetSocketAddress(InetAddress.getByName(host), port) : new InetSocketAddress(port);
	}

}
