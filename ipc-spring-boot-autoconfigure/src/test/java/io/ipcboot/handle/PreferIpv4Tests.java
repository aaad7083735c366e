package io.ipcboot.handle;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Exchange with a JVM that uses IPv4 only.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class PreferIpv4Tests {

	private static final String IPV4 = "-Djava.net.preferIPv4Stack=true";

	@Test
	void itServesWhatAJvmWithIpv6Opened() throws IOException {
		try (WorkerJvm worker = WorkerJvm.start(IPV4, WorkerJvm.OPENED);
				Connection<SocketChannel> connection = Connection.channel();
				ServerSocketChannel listener = ServerSocketChannel.open().bind(null);
				DatagramChannel datagrams = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
			worker.send(Handle.take(connection.accepted()));
			assertAnswered(worker, connection.client());
			worker.send(Handle.take(listener));
			try (TestClient client = TestClient.connect(listener.getLocalAddress())) {
				assertAnswered(worker, client);
			}
			worker.send(Handle.take(datagrams));
			try (DatagramChannel client = DatagramChannel.open()) {
				client.send(ByteBuffer.wrap("hello".getBytes()), datagrams.getLocalAddress());
				assertThat(worker.reply()).isEqualTo("hello");
				ByteBuffer packet = ByteBuffer.allocate(100);
				client.receive(packet);
				assertThat(new String(packet.array(), 0, packet.position())).isEqualTo("worker " + worker.pid());
			}
		}
	}

	private static void assertAnswered(WorkerJvm worker, TestClient client) throws IOException {
		client.writeLine("hello");
		assertThat(worker.reply()).isEqualTo("hello");
		assertThat(client.readLine()).isEqualTo("worker " + worker.pid());
	}

	@ParameterizedTest
	@ValueSource(strings = { WorkerJvm.OPENED, "-Dclosed" })
	void whatItOpenedIsServedInAJvmWithIpv6(String flag) throws IOException {
		try (WorkerJvm worker = WorkerJvm.start(IPV4, flag)) {
			try (Socket connection = worker.request(HandleKind.TCP_SOCKET).as(Socket.class)) {
				connection.getOutputStream().write("hello\n".getBytes());
				assertThat(worker.reply()).isEqualTo("hello");
			}
			try (ServerSocket listener = worker.request(HandleKind.TCP_LISTENER).as(ServerSocket.class)) {
				assertThat(worker.reply()).isEqualTo(listener.getLocalSocketAddress().toString());
				try (TestClient client = TestClient.connect(listener.getLocalSocketAddress());
						Socket accepted = listener.accept()) {
					accepted.getOutputStream().write("hello\n".getBytes());
					assertThat(client.readLine()).isEqualTo("hello");
				}
			}
			try (Handle datagrams = worker.request(HandleKind.UDP_SOCKET)) {
				assertThat(worker.reply()).startsWith("/127.0.0.1:");
				if (JdkChannels.areOpen()) {
					assertAnswers(datagrams.as(DatagramChannel.class));
				}
			}
		}
	}

	private static void assertAnswers(DatagramChannel adopted) throws IOException {
		try (adopted; DatagramChannel client = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
			adopted.send(ByteBuffer.wrap(new byte[3]), client.getLocalAddress());
			assertThat(client.receive(ByteBuffer.allocate(10))).isEqualTo(adopted.getLocalAddress());
		}
	}

}
