package io.ipcboot.handle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * The sockets that can be adopted where {@code sun.nio.ch} is closed behave like the
 * JDK's.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ClosedJvmSocketTests {

	@ParameterizedTest
	@CsvSource({ "INET6, 127.0.0.1", "INET6, ::1", "INET, 127.0.0.1" })
	void aSocketKnowsItsAddresses(StandardProtocolFamily family, String host) throws IOException {
		Ipv6.assumeIfNeededBy(family, host);
		try (ServerSocketChannel listener = ServerSocketChannel.open(family).bind(new InetSocketAddress(host, 0));
				TestClient client = TestClient.connect(listener.getLocalAddress());
				Socket adopted = Transfer.send(Handle.take(listener.accept())).as(Socket.class)) {
			SocketAddress remote = client.channel().getLocalAddress();
			assertThat(adopted.getRemoteSocketAddress()).isEqualTo(remote);
			assertThat(adopted.getInetAddress()).isEqualTo(((InetSocketAddress) remote).getAddress());
			assertThat(adopted.getPort()).isEqualTo(((InetSocketAddress) remote).getPort());
			assertThat(adopted.getLocalSocketAddress()).isEqualTo(listener.getLocalAddress());
			assertThat(adopted.getLocalPort()).isEqualTo(listener.socket().getLocalPort());
			assertThat(adopted.isConnected()).isTrue();
			assertThat(adopted.isBound()).isTrue();
			assertThat(adopted).hasToString("Socket[addr=%s,port=%d,localport=%d]".formatted(adopted.getInetAddress(),
					adopted.getPort(), adopted.getLocalPort()));
		}
	}

	@Test
	void aSocketHasOptions() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Socket adopted = Transfer.send(Handle.take(connection.accepted())).as(Socket.class)) {
			adopted.setTcpNoDelay(true);
			assertThat(adopted.getTcpNoDelay()).as("ignored").isFalse();
			adopted.setKeepAlive(true);
			assertThat(adopted.getKeepAlive()).isTrue();
			adopted.setSoLinger(true, 7);
			assertThat(adopted.getSoLinger()).isEqualTo(7);
			adopted.setSoLinger(false, 0);
			assertThat(adopted.getSoLinger()).isEqualTo(-1);
			adopted.setReceiveBufferSize(20_000);
			assertThat(adopted.getReceiveBufferSize()).isGreaterThanOrEqualTo(20_000);
			adopted.setSendBufferSize(20_000);
			assertThat(adopted.getSendBufferSize()).isGreaterThanOrEqualTo(20_000);
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> adopted.setOOBInline(true));
		}
	}

	@Test
	void readingFromASocketTimesOut() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Socket adopted = Transfer.send(Handle.take(connection.accepted())).as(Socket.class)) {
			adopted.setSoTimeout(20);
			assertThat(adopted.getSoTimeout()).isEqualTo(20);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> adopted.getInputStream().read());
			connection.client().writeLine("x");
			adopted.setSoTimeout(0);
			assertThat(adopted.getInputStream().read()).isEqualTo('x');
		}
	}

	@Test
	void halfAConnectionCanBeClosed() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Socket adopted = Transfer.send(Handle.take(connection.accepted())).as(Socket.class)) {
			adopted.shutdownOutput();
			assertThat(connection.client().isAtEnd()).isTrue();
			connection.client().writeLine("x");
			assertThat(adopted.getInputStream().read()).isEqualTo('x');
			assertThat(adopted.getInputStream().available()).isOne();
			connection.client().close();
			assertThat(adopted.getInputStream().read()).isEqualTo('\n');
			assertThat(adopted.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void closingASocketWakesItsReaderAndGivesUpTheDescriptorOnce() throws Exception {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			OpenDescriptors before = OpenDescriptors.now();
			Socket adopted = Transfer.send(Handle.take(connection.accepted())).as(Socket.class);
			Reader reader = Reader.of(adopted);
			adopted.close();
			assertThat(reader.outcome()).isIn(-1).isNotNull();
			assertThat(before.openedSince()).isEmpty();
			assertThat(connection.client().isAtEnd()).isTrue();
			try (Connection<SocketChannel> reusesTheNumber = Connection.channel()) {
				adopted.close();
				reusesTheNumber.client().writeLine("x");
				assertThat(TestClient.readLine(reusesTheNumber.accepted())).isEqualTo("x");
			}
		}
	}

	@Test
	void theStreamsCloseTheConnection() throws IOException {
		try (Connection<SocketChannel> one = Connection.channel();
				Connection<SocketChannel> two = Connection.channel()) {
			OpenDescriptors before = OpenDescriptors.now();
			Transfer.send(Handle.take(one.accepted())).as(InputStream.class).close();
			Transfer.send(Handle.take(two.accepted())).as(OutputStream.class).close();
			assertThat(one.client().isAtEnd()).isTrue();
			assertThat(two.client().isAtEnd()).isTrue();
			assertThat(before.openedSince()).isEmpty();
		}
	}

	@Test
	void aServerSocketBehavesLikeOne() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				ServerSocket adopted = Transfer.send(Handle.take(listener)).as(ServerSocket.class)) {
			assertThat(adopted.getLocalSocketAddress()).isEqualTo(listener.getLocalAddress());
			assertThat(adopted.getLocalPort()).isEqualTo(listener.socket().getLocalPort());
			assertThat(adopted.isBound()).isTrue();
			adopted.setSoTimeout(20);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(adopted::accept);
			try (TestClient client = TestClient.connect(listener.getLocalAddress());
					Socket accepted = adopted.accept()) {
				assertThat(accepted.getRemoteSocketAddress()).isEqualTo(client.channel().getLocalAddress());
				client.writeLine("x");
				assertThat(accepted.getInputStream().read()).isEqualTo('x');
			}
		}
	}

	@Test
	void aServerSocketGivesUpItsDescriptorOnce() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
			OpenDescriptors before = OpenDescriptors.now();
			ServerSocket adopted = Transfer.send(Handle.take(listener)).as(ServerSocket.class);
			try (TestClient client = TestClient.connect(listener.getLocalAddress())) {
				adopted.accept().close();
				assertThat(client.isAtEnd()).isTrue();
			}
			adopted.close();
			adopted.close();
			assertThat(adopted.isClosed()).isTrue();
			assertThatIOException().isThrownBy(adopted::accept);
			assertThat(before.openedSince()).isEmpty();
		}
	}

}
