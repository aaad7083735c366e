package io.ipcboot.handle;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionSendingTests extends SendingTests {

	@Test
	void anAcceptedSocketChannelIsServedByAnotherProcess() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			worker.send(Handle.take(connection.accepted()));
			assertThat(connection.accepted().isOpen()).isFalse();
			assertServed(connection.client());
		}
	}

	@Test
	void anAcceptedSocketIsServedByAnotherProcess() throws IOException {
		try (Connection<Socket> connection = Connection.socket()) {
			worker.send(Handle.take(connection.accepted()));
			assertThat(connection.accepted().isClosed()).isTrue();
			assertServed(connection.client());
		}
	}

	@Test
	void theSocketOfAChannelIsServedByAnotherProcess() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			worker.send(Handle.take(connection.accepted().socket()));
			assertThat(connection.accepted().isOpen()).isFalse();
			assertServed(connection.client());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void aConnectingSocketChannelIsServedByAnotherProcess(String host) throws IOException {
		Ipv6.assumeIfNeededBy(host);
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(host, 0));
				SocketChannel connecting = SocketChannel.open(server.getLocalAddress());
				TestClient peer = new TestClient(server.accept())) {
			worker.send(Handle.take(connecting));
			assertServed(peer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void aConnectingSocketIsServedByAnotherProcess(String host) throws IOException {
		Ipv6.assumeIfNeededBy(host);
		try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress(host, 0));
				Socket connecting = new Socket(host, server.socket().getLocalPort());
				TestClient peer = new TestClient(server.accept())) {
			worker.send(Handle.take(connecting));
			assertServed(peer);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.0.0.2", "::1" })
	void aSocketAcceptedOnAWildcardAddressIsServedByAnotherProcess(String host) throws IOException {
		Ipv6.assumeIfNeededBy(host);
		try (ServerSocket server = new ServerSocket(0);
				TestClient client = TestClient.connect(new InetSocketAddress(host, server.getLocalPort()));
				Socket accepted = server.accept()) {
			worker.send(Handle.take(accepted));
			assertServed(client);
		}
	}

	@Test
	void bytesThatTheSenderDidNotReadReachTheReceiver() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			connection.client().writeLine("for the sender");
			connection.client().writeLine("for the receiver");
			assertThat(TestClient.readLine(connection.accepted())).isEqualTo("for the sender");
			worker.send(Handle.take(connection.accepted()));
			assertThat(worker.reply()).isEqualTo("for the receiver");
			assertThat(connection.client().readLine()).isEqualTo(greeting());
		}
	}

	@Test
	void manyUnreadBytesAllReachTheReceiver() throws IOException {
		try (Connection<Socket> connection = Connection.socket()) {
			String line = "x".repeat(60_000);
			connection.client().writeLine(line);
			worker.send(Handle.take(connection.accepted()));
			assertThat(worker.reply()).isEqualTo(line);
		}
	}

	@Test
	void bothCanWriteToASharedConnection() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			worker.send(Handle.share(connection.accepted()));
			TestClient.writeLine(connection.accepted(), "sender");
			assertThat(connection.client().readLine()).isEqualTo("sender");
			connection.client().writeLine("hello");
			assertThat(worker.reply()).isEqualTo("hello");
			assertThat(connection.client().readLine()).isEqualTo(greeting());
			TestClient.writeLine(connection.accepted(), "sender again");
			assertThat(connection.client().readLine()).isEqualTo("sender again");
		}
	}

	@Test
	void bothCanWriteToASharedSocket() throws IOException {
		try (Connection<Socket> connection = Connection.socket()) {
			worker.send(Handle.share(connection.accepted()));
			connection.client().writeLine("hello");
			assertThat(worker.reply()).isEqualTo("hello");
			assertThat(connection.client().readLine()).isEqualTo(greeting());
			connection.accepted().getOutputStream().write("sender\n".getBytes(StandardCharsets.UTF_8));
			assertThat(connection.client().readLine()).isEqualTo("sender");
		}
	}

	@Test
	void aReceivedConnectionCanBeSentOn() throws IOException {
		try (Connection<Socket> connection = Connection.socket();
				Handle received = Transfer.send(Handle.take(connection.accepted()))) {
			worker.send(Handle.take(received));
			assertThat(received.isOpen()).isFalse();
			assertServed(connection.client());
		}
	}

	@Test
	void aReceivedConnectionCanBeShared() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Handle received = Transfer.send(Handle.take(connection.accepted()))) {
			worker.send(Handle.share(received));
			connection.client().writeLine("hello");
			assertThat(worker.reply()).isEqualTo("hello");
			assertThat(connection.client().readLine()).isEqualTo(greeting());
			try (Closeable adopted = received.as(Socket.class)) {
				((Socket) adopted).getOutputStream().write("here\n".getBytes(StandardCharsets.UTF_8));
				assertThat(connection.client().readLine()).isEqualTo("here");
			}
		}
	}

}
