package io.ipcboot.handle;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The sender's object goes out of the way without ending or changing the connection.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ConnectionReleaseTests {

	@TempDir
	Path directory;

	@Test
	void aChannelIsReleased() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			assertWorks(Handle.take(connection.accepted()), connection);
		}
	}

	@Test
	void aSocketIsReleased() throws IOException {
		try (Connection<Socket> connection = Connection.socket()) {
			assertWorks(Handle.take(connection.accepted()), connection);
		}
	}

	@Test
	void aRegisteredChannelIsReleased() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel(); Selector selector = Selector.open()) {
			register(connection.accepted(), selector);
			assertWorks(Handle.take(connection.accepted()), connection);
		}
	}

	@Test
	void aChannelWhoseSelectorSelectsAfterwardsIsReleased() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Connection<SocketChannel> other = Connection.channel();
				Selector selector = Selector.open()) {
			register(connection.accepted(), selector);
			register(other.accepted(), selector);
			selector.selectNow();
			Handle handle = Handle.take(connection.accepted());
			selector.selectNow();
			assertWorks(handle, connection);
			assertThat(selector.keys()).hasSize(1);
			other.client().writeLine("hello");
			assertThat(selector.select()).isOne();
		}
	}

	@Test
	void aChannelWithACancelledKeyIsReleased() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel(); Selector selector = Selector.open()) {
			register(connection.accepted(), selector).cancel();
			assertWorks(Handle.take(connection.accepted()), connection);
		}
	}

	@Test
	void theNextSelectGivesUpTheLastReferenceToARegisteredChannel() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel(); Selector selector = Selector.open()) {
			register(connection.accepted(), selector);
			OpenDescriptors before = OpenDescriptors.now();
			Handle handle = Handle.take(connection.accepted());
			String socket = before.openedSince().iterator().next().getValue();
			assertThat(OpenDescriptors.byNumber(socket)).hasSize(2);
			selector.selectNow();
			assertThat(OpenDescriptors.byNumber(socket)).hasSize(1);
			handle.close();
			assertThat(connection.client().isAtEnd()).isTrue();
		}
	}

	@Test
	void aRegisteredUnixDomainChannelIsReleased() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(this.directory.resolve("socket")));
				TestClient client = TestClient.connect(listener.getLocalAddress());
				SocketChannel accepted = listener.accept();
				Connection<SocketChannel> connection = new Connection<>(client, accepted);
				Selector selector = Selector.open()) {
			register(accepted, selector);
			Handle received = Transfer.send(Handle.take(accepted));
			received.as(java.io.OutputStream.class).write("hello\n".getBytes());
			assertThat(connection.client().readLine()).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 5 })
	void theLingerIntervalOfASocketSurvives(int seconds) throws IOException {
		try (Connection<Socket> connection = Connection.socket()) {
			connection.accepted().setSoLinger(seconds >= 0, Math.max(0, seconds));
			assertLinger(Handle.take(connection.accepted()), seconds);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 5 })
	void theLingerIntervalOfARegisteredChannelSurvives(int seconds) throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel(); Selector selector = Selector.open()) {
			connection.accepted().setOption(StandardSocketOptions.SO_LINGER, seconds);
			register(connection.accepted(), selector);
			assertLinger(Handle.take(connection.accepted()), seconds);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 5 })
	void theLingerIntervalOfAChannelSurvives(int seconds) throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			connection.accepted().setOption(StandardSocketOptions.SO_LINGER, seconds);
			assertLinger(Handle.take(connection.accepted()), seconds);
		}
	}

	@Test
	void aConnectionSentNonBlockingIsAdoptedAsBlocking() throws Exception {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			connection.accepted().configureBlocking(false);
			assertReadsBlock(Handle.take(connection.accepted()), connection);
		}
	}

	@Test
	void aSocketThatTheJdkMadeNonBlockingIsAdoptedAsBlocking() throws Exception {
		try (Connection<Socket> connection = Connection.socket()) {
			connection.accepted().setSoTimeout(1);
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> connection.accepted().getInputStream().read());
			assertReadsBlock(Handle.take(connection.accepted()), connection);
		}
	}

	@Test
	void theThreadThatReadsFromATakenSocketIsToldAndLosesNothing() throws Exception {
		try (Connection<Socket> connection = Connection.socket()) {
			Reader reader = Reader.of(connection.accepted());
			Handle handle = Handle.take(connection.accepted());
			assertThat(reader.outcome()).isInstanceOf(IOException.class);
			assertWorks(handle, connection);
		}
	}

	@Test
	void theThreadThatReadsFromATakenChannelIsToldAndLosesNothing() throws Exception {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			Reader reader = Reader.of(connection.accepted().socket());
			Handle handle = Handle.take(connection.accepted());
			assertThat(reader.outcome()).isInstanceOf(IOException.class);
			assertWorks(handle, connection);
		}
	}

	@Test
	void closingAHandleDoesNotDisturbTheOneWhoReceivedIt() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			Handle handle = Handle.take(connection.accepted());
			Handle received = Transfer.send(Handle.share(handle));
			handle.close();
			handle.close();
			assertWorks(received, connection);
		}
	}

	@Test
	void closingTheLastHandleEndsTheConnection() throws IOException {
		try (Connection<Socket> connection = Connection.socket()) {
			Handle.take(connection.accepted()).close();
			assertThat(connection.client().isAtEnd()).isTrue();
		}
	}

	@Test
	@SuppressWarnings("try")
	void anAdoptedConnectionSurvivesTheSocketItCameThrough() throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		pair.second().acceptHandles(true);
		try (Connection<Socket> connection = Connection.socket(); Handle handle = Handle.take(connection.accepted())) {
			pair.first().write(new byte[1], 0, 1, handle);
			pair.second().read(new byte[1], 0, 1);
			Handle received = pair.second().pollReceived(handle.kind());
			Socket adopted = received.as(Socket.class);
			handle.close();
			pair.second().close();
			pair.first().close();
			assertTalks(adopted, connection);
		}
	}

	private static SelectionKey register(SocketChannel channel, Selector selector) throws IOException {
		channel.configureBlocking(false);
		return channel.register(selector, SelectionKey.OP_READ);
	}

	private static void assertWorks(Handle handle, Connection<?> connection) throws IOException {
		assertTalks(Transfer.send(handle).as(Socket.class), connection);
	}

	private static void assertTalks(Socket receiver, Connection<?> connection) throws IOException {
		try (receiver) {
			receiver.getOutputStream().write("from the receiver\n".getBytes());
			assertThat(connection.client().readLine()).isEqualTo("from the receiver");
			connection.client().writeLine("to the receiver");
			assertThat(receiver.getInputStream().readNBytes(16)).asString().isEqualTo("to the receiver\n");
		}
	}

	private static void assertLinger(Handle handle, int seconds) throws IOException {
		try (Socket received = Transfer.send(handle).as(Socket.class)) {
			assertThat(received.getSoLinger()).isEqualTo(seconds);
		}
	}

	private static void assertReadsBlock(Handle handle, Connection<?> connection) throws Exception {
		try (Socket received = Transfer.send(handle).as(Socket.class)) {
			Reader reader = Reader.of(received);
			connection.client().writeLine("x");
			assertThat(reader.outcome()).isEqualTo((int) 'x');
		}
	}

}
