package io.ipcboot.handle;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class ListenerSendingTests extends SendingTests {

	static Stream<Arguments> listeners() {
		Named<Opener> channel = Named.of("ServerSocketChannel",
				(host) -> ServerSocketChannel.open().bind(new InetSocketAddress(host, 0)));
		Named<Opener> ipv4Channel = Named.of("IPv4 ServerSocketChannel",
				(host) -> ServerSocketChannel.open(StandardProtocolFamily.INET).bind(new InetSocketAddress(host, 0)));
		Named<Opener> socket = Named.of("ServerSocket", (host) -> new ServerSocket(0, 50, InetAddress.getByName(host)));
		Named<Opener> channelSocket = Named.of("ServerSocket of a channel",
				(host) -> ServerSocketChannel.open().bind(new InetSocketAddress(host, 0)).socket());
		return Stream.of(Arguments.of(channel, "127.0.0.1"), Arguments.of(channel, "::1"),
				Arguments.of(channel, "0.0.0.0"), Arguments.of(channel, "::"), Arguments.of(ipv4Channel, "127.0.0.1"),
				Arguments.of(ipv4Channel, "0.0.0.0"), Arguments.of(socket, "127.0.0.1"), Arguments.of(socket, "::1"),
				Arguments.of(socket, "::"), Arguments.of(channelSocket, "127.0.0.1"));
	}

	@ParameterizedTest
	@MethodSource("listeners")
	void anotherProcessAccepts(Opener opener, String host) throws IOException {
		Ipv6.assumeIfNeededBy(host);
		try (Closeable listener = opener.open(host)) {
			worker.send(Handle.take(listener));
			try (TestClient client = TestClient.connect(reachable(listener, host))) {
				assertServed(client);
			}
		}
	}

	@Test
	void takingAListenerLeavesItOpen() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback())) {
			Handle.take(listener).close();
			assertThat(listener.isOpen()).isTrue();
			try (TestClient client = TestClient.connect(listener.getLocalAddress());
					TestClient accepted = new TestClient(listener.accept())) {
				accepted.writeLine("hello");
				assertThat(client.readLine()).isEqualTo("hello");
			}
		}
	}

	@Test
	void aReceivedListenerCanBeSentOn() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback());
				Handle received = Transfer.send(Handle.take(listener))) {
			worker.send(Handle.take(received));
			assertThat(received.isOpen()).isTrue();
			try (TestClient client = TestClient.connect(listener.getLocalAddress())) {
				assertServed(client);
			}
		}
	}

	private static InetSocketAddress loopback() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
	}

	private static InetSocketAddress reachable(Closeable listener, String host) throws IOException {
		int port = (listener instanceof ServerSocketChannel channel) ? channel.socket().getLocalPort()
				: ((ServerSocket) listener).getLocalPort();
		return new InetSocketAddress(host.replace("0.0.0.0", "127.0.0.1"), port);
	}

	interface Opener {

		Closeable open(String host) throws IOException;

	}

}
