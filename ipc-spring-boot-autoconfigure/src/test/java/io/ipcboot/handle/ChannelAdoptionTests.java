package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What can be sent, and what a handle can become, only where {@code sun.nio.ch} is open.
 */
@Tag("opened")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ChannelAdoptionTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@EnumSource(value = StandardProtocolFamily.class, names = { "INET", "INET6" })
	void aConnectionBecomesAChannel(StandardProtocolFamily family) throws IOException {
		Ipv6.assumeIfNeededBy(family, "127.0.0.1");
		try (ServerSocketChannel listener = ServerSocketChannel.open(family)
			.bind(new InetSocketAddress("127.0.0.1", 0));
				TestClient client = TestClient.connect(listener.getLocalAddress());
				SocketChannel adopted = adopt(listener.accept(), SocketChannel.class)) {
			assertThat(adopted.getRemoteAddress()).isEqualTo(client.channel().getLocalAddress());
			assertThat(adopted.getLocalAddress()).isEqualTo(listener.getLocalAddress());
			assertThat(adopted.isConnected()).isTrue();
			adopted.setOption(StandardSocketOptions.TCP_NODELAY, true).setOption(StandardSocketOptions.IP_TOS, 8);
			assertThat(adopted.getOption(StandardSocketOptions.IP_TOS)).isEqualTo(8);
			TestClient.writeLine(adopted, "hello");
			assertThat(client.readLine()).isEqualTo("hello");
		}
	}

	@Test
	void aConnectionSentNonBlockingIsBlockingForTheKernelToo() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			connection.accepted().configureBlocking(false);
			assertThat(isNonBlocking(connection.accepted())).isTrue();
			try (SocketChannel adopted = adopt(connection.accepted(), SocketChannel.class)) {
				assertThat(adopted.isBlocking()).isTrue();
				assertThat(isNonBlocking(adopted)).isFalse();
			}
		}
	}

	private static boolean isNonBlocking(SocketChannel channel) throws IOException {
		FileDescriptor descriptor = JdkChannels.descriptorOf(channel);
		assertThat(descriptor).isNotNull();
		String flags = Files.readAllLines(Path.of("/proc/self/fdinfo/" + Descriptors.number(descriptor)))
			.stream()
			.filter((line) -> line.startsWith("flags:"))
			.findFirst()
			.orElseThrow();
		int nonBlocking = 04000;
		return (Integer.parseInt(flags.substring(6).trim(), 8) & nonBlocking) != 0;
	}

	@ParameterizedTest
	@EnumSource(value = StandardProtocolFamily.class, names = { "INET", "INET6" })
	void aListenerBecomesAChannel(StandardProtocolFamily family) throws IOException {
		Ipv6.assumeIfNeededBy(family, "127.0.0.1");
		try (ServerSocketChannel listener = ServerSocketChannel.open(family)
			.bind(new InetSocketAddress("127.0.0.1", 0));
				ServerSocketChannel adopted = adopt(listener, ServerSocketChannel.class);
				TestClient client = TestClient.connect(adopted.getLocalAddress());
				SocketChannel accepted = adopted.accept()) {
			assertThat(adopted.getLocalAddress()).isEqualTo(listener.getLocalAddress());
			accepted.setOption(StandardSocketOptions.IP_TOS, 8);
			TestClient.writeLine(accepted, "hello");
			assertThat(client.readLine()).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@EnumSource(value = StandardProtocolFamily.class, names = { "INET", "INET6" })
	void aDatagramSocketBecomesAChannelOrASocket(StandardProtocolFamily family) throws IOException {
		Ipv6.assumeIfNeededBy(family, "127.0.0.1");
		try (DatagramChannel channel = DatagramChannel.open(family).bind(new InetSocketAddress("127.0.0.1", 0));
				DatagramChannel adopted = adopt(channel, DatagramChannel.class);
				DatagramSocket socket = adopt(channel, DatagramSocket.class);
				DatagramSocket client = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
			assertThat(adopted.getLocalAddress()).isEqualTo(channel.getLocalAddress());
			assertThat(adopted.getRemoteAddress()).isNull();
			adopted.setOption(StandardSocketOptions.IP_TOS, 8);
			adopted.send(ByteBuffer.wrap(new byte[3]), client.getLocalSocketAddress());
			socket.send(new DatagramPacket(new byte[5], 5, client.getLocalSocketAddress()));
			DatagramPacket packet = new DatagramPacket(new byte[10], 10);
			client.receive(packet);
			assertThat(packet.getLength()).isEqualTo(3);
			assertThat(packet.getSocketAddress()).isEqualTo(channel.getLocalAddress());
			packet.setLength(10);
			client.receive(packet);
			assertThat(packet.getLength()).isEqualTo(5);
		}
	}

	@Test
	void aConnectedDatagramChannelStaysConnectedAndLosesNothing() throws IOException {
		try (DatagramChannel client = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				DatagramChannel channel = DatagramChannel.open().connect(client.getLocalAddress())) {
			client.send(ByteBuffer.wrap(new byte[3]), channel.getLocalAddress());
			try (DatagramChannel adopted = adopt(channel, DatagramChannel.class)) {
				assertThat(adopted.isConnected()).isTrue();
				assertThat(adopted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
				assertThat(adopted.read(ByteBuffer.allocate(10))).isEqualTo(3);
				adopted.write(ByteBuffer.wrap(new byte[5]));
				ByteBuffer packet = ByteBuffer.allocate(10);
				assertThat(client.receive(packet)).isEqualTo(channel.getLocalAddress());
				assertThat(packet.position()).isEqualTo(5);
			}
		}
	}

	@Test
	void aUnixDomainListenerAndConnectionBecomeChannels() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listener.bind(UnixDomainSocketAddress.of(this.directory.resolve("socket")));
			try (ServerSocketChannel adopted = adopt(listener, ServerSocketChannel.class);
					TestClient client = TestClient.connect(listener.getLocalAddress());
					SocketChannel connecting = SocketChannel.open(listener.getLocalAddress());
					SocketChannel accepted = adopt(adopted.accept(), SocketChannel.class);
					TestClient other = new TestClient(adopted.accept());
					SocketChannel connected = adopt(connecting, SocketChannel.class)) {
				assertThat(adopted.getLocalAddress()).isEqualTo(listener.getLocalAddress());
				assertThat(accepted.getLocalAddress()).isEqualTo(listener.getLocalAddress());
				assertThat(accepted.getRemoteAddress()).isEqualTo(UnixDomainSocketAddress.of(""));
				assertThat(connected.getRemoteAddress()).isEqualTo(listener.getLocalAddress());
				TestClient.writeLine(accepted, "hello");
				assertThat(client.readLine()).isEqualTo("hello");
				TestClient.writeLine(connected, "hello");
				assertThat(other.readLine()).isEqualTo("hello");
			}
			try (TestClient client = TestClient.connect(listener.getLocalAddress());
					Handle handle = Handle.take(listener.accept());
					InputStream input = Handle.share(handle).as(InputStream.class);
					OutputStream output = handle.as(OutputStream.class)) {
				client.writeLine("in");
				assertThat(input.readNBytes(3)).asString().isEqualTo("in\n");
				output.write("out\n".getBytes());
				assertThat(client.readLine()).isEqualTo("out");
			}
		}
	}

	@Test
	void aFileChannelCanBeSentAndReadAndWrittenTo() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
				FileChannel adopted = adopt(channel.position(3), FileChannel.class)) {
			assertThat(channel.isOpen()).isFalse();
			ByteBuffer text = ByteBuffer.allocate(4);
			assertThat(adopted.read(text)).isEqualTo(4);
			assertThat(text.array()).asString().isEqualTo("tent");
			adopted.write(ByteBuffer.wrap("C".getBytes()), 0);
			assertThat(file).hasContent("Content");
			assertThat(adopted.map(FileChannel.MapMode.READ_WRITE, 0, 7).get(0)).isEqualTo((byte) 'C');
			adopted.truncate(1);
			assertThat(adopted.size()).isOne();
		}
	}

	@Test
	void theChannelOfAStreamCanBeSent() throws IOException {
		Path file = Files.writeString(this.directory.resolve("file"), "content");
		try (FileInputStream stream = new FileInputStream(file.toFile());
				FileChannel adopted = adopt(stream.getChannel(), FileChannel.class)) {
			assertThat(adopted.size()).isEqualTo(7);
			assertThatIOException().isThrownBy(stream::read);
		}
	}

	@Test
	void aReadWriteFileIsClosedOnce() throws IOException {
		RandomAccessFile file = new RandomAccessFile(this.directory.resolve("file").toFile(), "rw");
		FileChannel adopted = adopt(file, FileChannel.class);
		adopted.close();
		try (Connection<SocketChannel> reusesTheNumber = Connection.channel()) {
			adopted.close();
			reusesTheNumber.client().writeLine("hello");
			assertThat(TestClient.readLine(reusesTheNumber.accepted())).isEqualTo("hello");
		}
	}

	@Test
	@SuppressWarnings("try")
	void theEndsOfAPipeCanBeSentAndBecomeChannels() throws IOException {
		Pipe pipe = Pipe.open();
		try (Pipe.SourceChannel source = adopt(pipe.source(), Pipe.SourceChannel.class);
				Pipe.SinkChannel sink = adopt(pipe.sink(), Pipe.SinkChannel.class)) {
			assertThat(pipe.source().isOpen()).isFalse();
			assertThat(pipe.sink().isOpen()).isFalse();
			sink.write(ByteBuffer.wrap("through".getBytes()));
			ByteBuffer text = ByteBuffer.allocate(7);
			source.read(text);
			assertThat(text.array()).asString().isEqualTo("through");
			sink.close();
			assertThat(source.read(text.clear())).isEqualTo(-1);
		}
	}

	@Test
	@SuppressWarnings("try")
	void listenersOnTheSamePortAreToldApart() throws IOException {
		try (ServerSocketChannel one = ServerSocketChannel.open();
				ServerSocketChannel two = ServerSocketChannel.open();
				Handle handle = takeFirstOnSamePort(one, two)) {
			two.close();
			one.close();
			try (ServerSocketChannel adopted = handle.as(ServerSocketChannel.class);
					TestClient client = TestClient.connect(adopted.getLocalAddress());
					SocketChannel accepted = adopted.accept()) {
				TestClient.writeLine(accepted, "hello");
				assertThat(client.readLine()).isEqualTo("hello");
			}
		}
	}

	private static Handle takeFirstOnSamePort(ServerSocketChannel one, ServerSocketChannel two) throws IOException {
		one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress("127.0.0.1", 0));
		two.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(one.getLocalAddress());
		return Handle.take(one);
	}

	@Test
	void plainServerSocketsOnTheSamePortCannotBeToldApart() throws IOException {
		try (ServerSocket one = new ServerSocket(); ServerSocket two = new ServerSocket()) {
			one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress("127.0.0.1", 0));
			two.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(one.getLocalSocketAddress());
			assertThatExceptionOfType(InvalidHandleException.class).isThrownBy(() -> Handle.take(one))
				.withMessageContaining(ServerSocket.class.getName())
				.withMessageContaining("2 sockets")
				.withMessageContaining("Use a ServerSocketChannel");
			assertThat(one.isClosed()).isFalse();
		}
	}

	private static <T> T adopt(Object offered, Class<T> type) throws IOException {
		return Transfer.send(Handle.take(offered)).as(type);
	}

}
