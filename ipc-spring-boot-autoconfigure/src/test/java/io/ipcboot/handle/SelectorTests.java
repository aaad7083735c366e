package io.ipcboot.handle;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Adopted channels work with the JDK's selector.
 */
@Tag("opened")
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SelectorTests {

	@TempDir
	Path directory;

	private Selector selector;

	@BeforeEach
	void open() throws IOException {
		this.selector = Selector.open();
	}

	@AfterEach
	void close() throws IOException {
		this.selector.close();
	}

	@Test
	void aListenerIsAcceptableAndItsConnectionReadable() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
			acceptAndRead(listener);
		}
	}

	@Test
	void aUnixDomainListenerIsAcceptableAndItsConnectionReadable() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			acceptAndRead(listener.bind(UnixDomainSocketAddress.of(this.directory.resolve("socket"))));
		}
	}

	private void acceptAndRead(ServerSocketChannel listener) throws IOException {
		try (ServerSocketChannel adopted = adopt(listener, ServerSocketChannel.class)) {
			SelectionKey acceptable = register(adopted, SelectionKey.OP_ACCEPT);
			assertThat(this.selector.selectNow()).isZero();
			assertThat(adopted.accept()).isNull();
			try (TestClient client = TestClient.connect(listener.getLocalAddress())) {
				assertSelected(acceptable);
				try (SocketChannel accepted = adopted.accept()) {
					SelectionKey readable = register(accepted, SelectionKey.OP_READ);
					client.writeLine("x");
					assertSelected(readable);
					assertThat(accepted.read(ByteBuffer.allocate(10))).isEqualTo(2);
				}
			}
		}
	}

	@Test
	void aConnectionIsReadableAndWritable() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				SocketChannel adopted = adopt(connection.accepted(), SocketChannel.class)) {
			SelectionKey key = register(adopted, SelectionKey.OP_READ);
			assertThat(this.selector.selectNow()).isZero();
			assertThat(adopted.read(ByteBuffer.allocate(10))).isZero();
			connection.client().writeLine("x");
			assertSelected(key);
			assertThat(adopted.read(ByteBuffer.allocate(10))).isEqualTo(2);
			key.interestOps(SelectionKey.OP_WRITE);
			assertSelected(key);
			TestClient.writeLine(adopted, "hello");
			assertThat(connection.client().readLine()).isEqualTo("hello");
			connection.client().close();
			key.interestOps(SelectionKey.OP_READ);
			assertSelected(key);
			assertThat(adopted.read(ByteBuffer.allocate(10))).isEqualTo(-1);
		}
	}

	@Test
	void aConnectionTakenFromOneSelectorIsReadableInAnother() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel(); Selector other = Selector.open()) {
			connection.accepted().configureBlocking(false);
			connection.accepted().register(other, SelectionKey.OP_READ);
			other.selectNow();
			try (SocketChannel adopted = adopt(connection.accepted(), SocketChannel.class)) {
				SelectionKey key = register(adopted, SelectionKey.OP_READ);
				connection.client().writeLine("x");
				assertSelected(key);
				assertThat(other.selectNow()).isZero();
				assertThat(adopted.read(ByteBuffer.allocate(10))).isEqualTo(2);
			}
		}
	}

	@Test
	void aDatagramChannelIsReadable() throws IOException {
		try (DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				DatagramChannel adopted = adopt(channel, DatagramChannel.class);
				DatagramChannel client = DatagramChannel.open()) {
			SelectionKey key = register(adopted, SelectionKey.OP_READ);
			assertThat(adopted.receive(ByteBuffer.allocate(10))).isNull();
			client.send(ByteBuffer.wrap(new byte[3]), channel.getLocalAddress());
			assertSelected(key);
			assertThat(adopted.receive(ByteBuffer.allocate(10))).isNotNull();
		}
	}

	@Test
	void theEndsOfAPipeAreReadableAndWritable() throws IOException {
		IpcPipe pipe = IpcPipe.open();
		try (Pipe.SourceChannel source = adopt(pipe.source(), Pipe.SourceChannel.class);
				Pipe.SinkChannel sink = adopt(pipe.sink(), Pipe.SinkChannel.class)) {
			SelectionKey readable = register(source, SelectionKey.OP_READ);
			assertThat(this.selector.selectNow()).isZero();
			assertThat(source.read(ByteBuffer.allocate(10))).isZero();
			SelectionKey writable = register(sink, SelectionKey.OP_WRITE);
			assertSelected(writable);
			writable.interestOps(0);
			sink.write(ByteBuffer.wrap(new byte[3]));
			assertSelected(readable);
			assertThat(source.read(ByteBuffer.allocate(10))).isEqualTo(3);
		}
	}

	private SelectionKey register(SelectableChannel channel, int operations) throws IOException {
		channel.configureBlocking(false);
		return channel.register(this.selector, operations);
	}

	private void assertSelected(SelectionKey key) throws IOException {
		this.selector.selectedKeys().clear();
		assertThat(this.selector.select()).isOne();
		assertThat(this.selector.selectedKeys()).containsExactly(key);
		this.selector.selectedKeys().clear();
	}

	private static <T> T adopt(Object offered, Class<T> type) throws IOException {
		return Transfer.send(Handle.take(offered)).as(type);
	}

}
