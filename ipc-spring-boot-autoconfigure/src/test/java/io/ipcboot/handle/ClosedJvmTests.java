package io.ipcboot.handle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What does not work where {@code sun.nio.ch} is closed, and says how to get it.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ClosedJvmTests {

	private static final String FLAG = "--add-opens java.base/sun.nio.ch=ALL-UNNAMED";

	@TempDir
	Path directory;

	@Test
	void theDescriptorOfAFileChannelIsHidden() throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(this.directory.resolve("file").toFile(), "rw");
				FileChannel channel = file.getChannel()) {
			assertRefused(channel, "FileInputStream, FileOutputStream or RandomAccessFile");
			assertThat(channel.size()).isZero();
		}
	}

	@Test
	void theDescriptorsOfAPipeAreHidden() throws IOException {
		Pipe pipe = Pipe.open();
		try (Pipe.SourceChannel source = pipe.source(); Pipe.SinkChannel sink = pipe.sink()) {
			assertRefused(source, IpcPipe.class.getName());
			assertRefused(sink, IpcPipe.class.getName());
			assertThat(source.isOpen()).isTrue();
		}
	}

	@Test
	@SuppressWarnings("try")
	void listenersOnTheSamePortCannotBeToldApart() throws IOException {
		try (ServerSocketChannel one = ServerSocketChannel.open();
				ServerSocketChannel two = ServerSocketChannel.open()) {
			one.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(new InetSocketAddress("127.0.0.1", 0));
			two.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(one.getLocalAddress());
			assertRefused(one, "2 sockets");
			two.close();
			Handle.take(one).close();
		}
	}

	@Test
	void unixDomainConnectionsOfOneListenerCannotBeToldApart() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listener.bind(UnixDomainSocketAddress.of(this.directory.resolve("socket")));
			try (SocketChannel one = SocketChannel.open(listener.getLocalAddress());
					SocketChannel two = SocketChannel.open(listener.getLocalAddress());
					SocketChannel accepted = listener.accept();
					SocketChannel other = listener.accept()) {
				assertRefused(accepted, "2 sockets");
				assertRefused(one, "sockets of this process");
				assertThat(two.isOpen()).isTrue();
				assertThat(other.isOpen()).isTrue();
			}
		}
	}

	@Test
	void aConnectionCannotBecomeAChannelAndTheHandleStaysOpen() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Handle received = Transfer.send(Handle.take(connection.accepted()))) {
			assertNotAdopted(received, SocketChannel.class);
			try (Socket adopted = received.as(Socket.class)) {
				adopted.getOutputStream().write("hello\n".getBytes());
				assertThat(connection.client().readLine()).isEqualTo("hello");
			}
		}
	}

	@Test
	void aListenerCannotBecomeAChannel() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				Handle received = Transfer.send(Handle.take(listener))) {
			assertNotAdopted(received, ServerSocketChannel.class);
		}
	}

	@Test
	void aDatagramSocketCannotBeAdopted() throws IOException {
		try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				Handle received = Transfer.send(Handle.take(channel))) {
			assertNotAdopted(received, DatagramChannel.class);
			assertNotAdopted(received, DatagramSocket.class);
		}
	}

	@Test
	void aFileOpenForReadingAndWritingCannotBecomeAChannel() throws IOException {
		try (RandomAccessFile file = new RandomAccessFile(this.directory.resolve("file").toFile(), "rw");
				Handle received = Transfer.send(Handle.take(file))) {
			assertNotAdopted(received, FileChannel.class);
		}
	}

	@Test
	void aPipeCannotBecomeAChannel() throws IOException {
		try (IpcPipe pipe = IpcPipe.open(); Handle source = Transfer.send(Handle.take(pipe.source()))) {
			assertNotAdopted(source, Pipe.SourceChannel.class);
			try (Handle sink = Transfer.send(Handle.take(pipe.sink()))) {
				assertNotAdopted(sink, Pipe.SinkChannel.class);
			}
		}
	}

	@Test
	void theStreamsOfAUnixDomainConnectionWork() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			listener.bind(UnixDomainSocketAddress.of(this.directory.resolve("socket")));
			try (TestClient client = TestClient.connect(listener.getLocalAddress());
					SocketChannel accepted = listener.accept();
					Handle received = Transfer.send(Handle.take(accepted))) {
				assertNotAdopted(received, SocketChannel.class);
				Handle second = Handle.share(received);
				try (InputStream input = received.as(InputStream.class);
						OutputStream output = second.as(OutputStream.class)) {
					client.writeLine("in");
					assertThat(input.readNBytes(3)).asString().isEqualTo("in\n");
					output.write("out\n".getBytes());
					assertThat(client.readLine()).isEqualTo("out");
				}
				assertThat(client.isAtEnd()).isTrue();
			}
		}
	}

	private static void assertRefused(Object offered, String reason) throws IOException {
		OpenDescriptors before = OpenDescriptors.now();
		assertThatExceptionOfType(InvalidHandleException.class).isThrownBy(() -> Handle.take(offered))
			.withMessageContaining(offered.getClass().getName())
			.withMessageContaining(reason)
			.withMessageContaining(FLAG);
		assertThat(before.openedSince()).isEmpty();
	}

	private static void assertNotAdopted(Handle received, Class<?> type) throws IOException {
		OpenDescriptors before = OpenDescriptors.now();
		assertThatExceptionOfType(InvalidHandleException.class).isThrownBy(() -> received.as(type))
			.withMessageContaining(type.getSimpleName())
			.withMessageContaining(FLAG);
		assertThat(received.isOpen()).isTrue();
		assertThat(before.openedSince()).isEmpty();
	}

}
