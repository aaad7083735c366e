package io.ipcboot.handle;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DatagramSendingTests extends SendingTests {

	@ParameterizedTest
	@CsvSource({ "INET, 127.0.0.1", "INET, 0.0.0.0", "INET6, 127.0.0.1", "INET6, ::1", "INET6, ::" })
	void aDatagramChannelIsServedByAnotherProcess(StandardProtocolFamily family, String host) throws IOException {
		Ipv6.assumeIfNeededBy(family, host);
		try (DatagramChannel channel = open(family, host)) {
			worker.send(Handle.take(channel));
			assertThat(channel.isOpen()).isTrue();
			assertServed(channel.socket());
		}
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1", "::1", "::" })
	void aDatagramSocketIsServedByAnotherProcess(String host) throws IOException {
		Ipv6.assumeIfNeededBy(host);
		try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(host, 0))) {
			worker.send(Handle.take(socket));
			assertThat(socket.isClosed()).isFalse();
			assertServed(socket);
		}
	}

	@Test
	void theSocketOfAChannelIsServedByAnotherProcess() throws IOException {
		try (DatagramChannel channel = open(StandardProtocolFamily.INET, "127.0.0.1")) {
			worker.send(Handle.take(channel.socket()));
			assertServed(channel.socket());
		}
	}

	@Test
	void aConnectedChannelIsServedByAnotherProcess() throws IOException {
		try (DatagramChannel client = open(StandardProtocolFamily.INET, "127.0.0.1");
				DatagramChannel channel = DatagramChannel.open().connect(client.getLocalAddress())) {
			worker.send(Handle.take(channel));
			assertAnswered(client, channel.socket());
		}
	}

	private static DatagramChannel open(ProtocolFamily family, String host) throws IOException {
		return DatagramChannel.open(family).bind(new InetSocketAddress(host, 0));
	}

	private static void assertServed(DatagramSocket socket) throws IOException {
		try (DatagramChannel client = DatagramChannel.open()) {
			assertAnswered(client, socket);
		}
	}

	private static void assertAnswered(DatagramChannel client, DatagramSocket socket) throws IOException {
		InetAddress address = socket.getLocalAddress();
		client.send(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)), new InetSocketAddress(
				address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address, socket.getLocalPort()));
		assertThat(worker.reply()).isEqualTo("hello");
		ByteBuffer answer = ByteBuffer.allocate(100);
		client.receive(answer);
		assertThat(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8)).isEqualTo(greeting());
	}

}
