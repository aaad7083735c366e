package io.ipcboot.handle;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;

import org.junit.jupiter.api.Assumptions;

/**
 * Skips what needs IPv6 on machines without.
 */
final class Ipv6 {

	private static final boolean AVAILABLE = isAvailable();

	private Ipv6() {
	}

	static void assumeIfNeededBy(String host) {
		Assumptions.assumeTrue(AVAILABLE || !host.contains(":"), "IPv6 is available");
	}

	static void assumeIfNeededBy(StandardProtocolFamily family, String host) {
		Assumptions.assumeTrue(AVAILABLE || family != StandardProtocolFamily.INET6, "IPv6 is available");
		assumeIfNeededBy(host);
	}

	private static boolean isAvailable() {
		try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
			channel.bind(new InetSocketAddress("::1", 0));
			return true;
		}
		catch (IOException | UnsupportedOperationException ex) {
			return false;
		}
	}

}
