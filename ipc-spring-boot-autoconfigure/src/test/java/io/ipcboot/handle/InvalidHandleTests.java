package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocketFactory;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What cannot be sent is refused before anything happens to it.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class InvalidHandleTests {

	@TempDir
	static Path directory;

	static Stream<Named<Opener>> closed() throws IOException {
		Path file = Files.createTempFile(directory, "file", "");
		List<Named<Opener>> all = List.of(Named.of("ServerSocketChannel", ServerSocketChannel::open),
				Named.of("ServerSocket", () -> new ServerSocket(0)), Named.of("SocketChannel", SocketChannel::open),
				Named.of("Socket", Socket::new), Named.of("DatagramChannel", DatagramChannel::open),
				Named.of("DatagramSocket", DatagramSocket::new),
				Named.of("FileInputStream", () -> new FileInputStream(file.toFile())),
				Named.of("FileOutputStream", () -> new FileOutputStream(file.toFile())),
				Named.of("RandomAccessFile", () -> new RandomAccessFile(file.toFile(), "r")),
				Named.of("FileChannel", () -> FileChannel.open(file)),
				Named.of("Pipe.SourceChannel", () -> Pipe.open().source()),
				Named.of("Pipe.SinkChannel", () -> Pipe.open().sink()),
				Named.of("Handle", () -> Handle.take(new FileInputStream(file.toFile()))),
				Named.of("AFUNIXSocket", AFUNIXSocket::newInstance),
				Named.of("AFUNIXSocketChannel", AFUNIXSocketChannel::open),
				Named.of("AFUNIXServerSocket", AFUNIXServerSocket::newInstance),
				Named.of("AFUNIXServerSocketChannel", AFUNIXServerSocketChannel::open),
				Named.of("AFUNIXDatagramSocket", AFUNIXDatagramSocket::newInstance));
		return all.stream();
	}

	@ParameterizedTest
	@MethodSource
	void closed(Opener opener) throws IOException {
		Closeable offered = opener.open();
		offered.close();
		assertRefused(offered, "is closed");
	}

	static Stream<Named<Opener>> unconnected() {
		return Stream.of(Named.of("SocketChannel", SocketChannel::open), Named.of("Socket", Socket::new),
				Named.of("Socket of a channel", () -> SocketChannel.open().socket()),
				Named.of("AFUNIXSocket", AFUNIXSocket::newInstance),
				Named.of("AFUNIXSocketChannel", AFUNIXSocketChannel::open));
	}

	@ParameterizedTest
	@MethodSource
	void unconnected(Opener opener) throws IOException {
		try (Closeable offered = opener.open()) {
			assertRefused(offered, "is not connected");
		}
	}

	@Test
	void connecting() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(loopback());
				SocketChannel connecting = SocketChannel.open()) {
			connecting.configureBlocking(false);
			assertThat(connecting.connect(listener.getLocalAddress())).isFalse();
			assertRefused(connecting, "is not connected");
			assertThat(connecting.isConnectionPending()).isTrue();
		}
	}

	static Stream<Named<Opener>> unbound() {
		return Stream.of(Named.of("ServerSocketChannel", ServerSocketChannel::open),
				Named.of("ServerSocket", ServerSocket::new), Named.of("DatagramChannel", DatagramChannel::open),
				Named.of("DatagramSocket", () -> new DatagramSocket(null)),
				Named.of("AFUNIXServerSocket", AFUNIXServerSocket::newInstance),
				Named.of("AFUNIXServerSocketChannel", AFUNIXServerSocketChannel::open));
	}

	@ParameterizedTest
	@MethodSource
	void unbound(Opener opener) throws IOException {
		try (Closeable offered = opener.open()) {
			assertRefused(offered, "is not bound");
		}
	}

	static Stream<Named<Opener>> twice() throws IOException {
		Path file = Files.createTempFile(directory, "file", "");
		return Stream.of(Named.of("SocketChannel", () -> Connection.channel().accepted()),
				Named.of("Socket of a channel", () -> Connection.channel().accepted().socket()),
				Named.of("Socket", () -> Connection.socket().accepted()),
				Named.of("FileInputStream", () -> new FileInputStream(file.toFile())),
				Named.of("Handle", () -> Handle.take(new FileInputStream(file.toFile()))));
	}

	@ParameterizedTest
	@MethodSource
	void twice(Opener opener) throws IOException {
		Closeable offered = opener.open();
		Handle.take(offered).close();
		assertRefused(offered, "has already been handed over");
	}

	@Test
	void aChannelAfterItsSocketAndTheOtherWayRound() throws IOException {
		try (Connection<SocketChannel> one = Connection.channel();
				Connection<SocketChannel> two = Connection.channel()) {
			Handle.take(one.accepted()).close();
			assertRefused(one.accepted().socket(), "has already been handed over");
			Handle.take(two.accepted().socket()).close();
			assertRefused(two.accepted(), "has already been handed over");
		}
	}

	@Test
	void tlsSockets() throws IOException {
		try (Socket offered = SSLSocketFactory.getDefault().createSocket()) {
			assertRefused(offered, "TLS");
			assertThat(offered.isClosed()).isFalse();
		}
	}

	@Test
	void tlsListeners() throws IOException {
		try (ServerSocket offered = SSLServerSocketFactory.getDefault().createServerSocket(0)) {
			assertRefused(offered, "TLS");
			assertThat(offered.isClosed()).isFalse();
		}
	}

	@Test
	void otherTypes() throws IOException {
		assertRefused("text", "Supported are");
	}

	@Test
	void epollAndEventDescriptors() throws IOException {
		try (Selector selector = Selector.open()) {
			assertRefused(OpenDescriptors.first("anon_inode:[eventpoll]"), "anon_inode:[eventpoll]");
			assertRefused(OpenDescriptors.first("anon_inode:[eventfd]"), "anon_inode:[eventfd]");
			assertThat(selector.selectNow()).isZero();
		}
	}

	@Test
	void unixDomainDatagramSockets() throws IOException {
		try (AFUNIXDatagramSocket offered = AFUNIXDatagramSocket.newInstance()) {
			offered.bind(AFUNIXSocketAddress.of(directory.resolve("datagrams")));
			assertRefused(offered, "socket:[");
			assertThat(offered.isClosed()).isFalse();
		}
	}

	@Test
	void anInvalidDescriptor() throws IOException {
		assertRefused(new FileDescriptor(), "is closed");
	}

	@Test
	void standardStreamsAreSharedAndNeverClosed() throws IOException {
		Handle.take(FileDescriptor.err).close();
		Handle.take(new FileOutputStream(FileDescriptor.err)).close();
		assertThat(FileDescriptor.err.valid()).isTrue();
		assertThat(Descriptors.number(FileDescriptor.err)).isEqualTo(2);
	}

	private static InetSocketAddress loopback() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
	}

	private static void assertRefused(Object offered, String reason) throws IOException {
		OpenDescriptors before = OpenDescriptors.now();
		for (int i = 0; i < 10; i++) {
			assertThatExceptionOfType(InvalidHandleException.class).isThrownBy(() -> Handle.take(offered))
				.withMessageContaining(typeOf(offered))
				.withMessageContaining(reason);
			assertThatExceptionOfType(InvalidHandleException.class).isThrownBy(() -> Handle.share(offered))
				.withMessageContaining(reason);
		}
		assertThat(before.openedSince()).isEmpty();
		if (offered instanceof java.nio.channels.Channel channel && !reason.contains("closed")
				&& !reason.contains("already")) {
			assertThat(channel.isOpen()).isTrue();
		}
		assertThatCode(offered::toString).doesNotThrowAnyException();
	}

	private static String typeOf(Object offered) {
		boolean adaptor = offered instanceof Socket socket && socket.getClass().getName().endsWith("SocketAdaptor");
		return (adaptor ? ((Socket) offered).getChannel() : offered).getClass().getName();
	}

	interface Opener {

		Closeable open() throws IOException;

	}

}
