package io.ipcboot.handle;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What a received handle can become in every JVM.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class AdoptionTests {

	@TempDir
	Path directory;

	private File file;

	@BeforeEach
	void createFile() throws IOException {
		this.file = Files.writeString(this.directory.resolve("file"), "content").toFile();
	}

	@Test
	void aConnectionBecomesASocket() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Socket adopted = adopt(connection.accepted(), Socket.class)) {
			assertThat(adopted.getRemoteSocketAddress()).isEqualTo(connection.client().channel().getLocalAddress());
			adopted.getOutputStream().write("out\n".getBytes());
			assertThat(connection.client().readLine()).isEqualTo("out");
			connection.client().writeLine("in");
			assertThat(adopted.getInputStream().readNBytes(3)).asString().isEqualTo("in\n");
		}
	}

	@Test
	void aConnectionBecomesStreams() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel();
				Handle second = Handle.share(connection.accepted());
				InputStream input = adopt(connection.accepted(), InputStream.class);
				OutputStream output = second.as(OutputStream.class)) {
			connection.client().writeLine("in");
			assertThat(input.readNBytes(3)).asString().isEqualTo("in\n");
			output.write("out\n".getBytes());
			assertThat(connection.client().readLine()).isEqualTo("out");
		}
	}

	@Test
	void aListenerBecomesAServerSocket() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				ServerSocket adopted = adopt(listener, ServerSocket.class);
				TestClient client = TestClient.connect(adopted.getLocalSocketAddress());
				Socket accepted = adopted.accept()) {
			accepted.getOutputStream().write("hello\n".getBytes());
			assertThat(client.readLine()).isEqualTo("hello");
		}
	}

	@Test
	void aFileOpenForReadingBecomesAStreamOrAChannel() throws IOException {
		try (InputStream input = adopt(new FileInputStream(this.file), InputStream.class);
				FileInputStream fileInput = adopt(new FileInputStream(this.file), FileInputStream.class);
				FileChannel channel = adopt(new FileInputStream(this.file), FileChannel.class)) {
			assertThat(input).hasContent("content");
			assertThat(fileInput).hasContent("content");
			assertThat(channel.size()).isEqualTo(7);
		}
	}

	@Test
	void aFileOpenForWritingBecomesAStreamOrAChannel() throws IOException {
		try (OutputStream output = adopt(new FileOutputStream(this.file, true), OutputStream.class);
				FileChannel channel = adopt(new FileOutputStream(this.file, true), FileChannel.class)) {
			output.write("1".getBytes());
			channel.write(java.nio.ByteBuffer.wrap("2".getBytes()));
			assertThat(this.file).hasContent("content12");
		}
	}

	@Test
	void aFileOpenForBothBecomesStreams() throws IOException {
		try (Handle handle = Handle.take(new RandomAccessFile(this.file, "rw"));
				FileInputStream input = Handle.share(handle).as(FileInputStream.class);
				FileOutputStream output = Handle.share(handle).as(FileOutputStream.class)) {
			assertThat(input.readNBytes(3)).asString().isEqualTo("con");
			output.write("T".getBytes());
			assertThat(this.file).hasContent("conTent");
		}
	}

	@Test
	void aPipeBecomesStreams() throws IOException {
		IpcPipe pipe = IpcPipe.open();
		try (InputStream source = adopt(pipe.source(), InputStream.class);
				FileOutputStream sink = adopt(pipe.sink(), FileOutputStream.class)) {
			sink.write("through".getBytes());
			assertThat(source.readNBytes(7)).asString().isEqualTo("through");
		}
	}

	@Test
	void everythingBecomesADescriptor() throws IOException {
		FileDescriptor descriptor = adopt(new FileInputStream(this.file), FileDescriptor.class);
		try (FileInputStream stream = new FileInputStream(descriptor)) {
			assertThat(stream).hasContent("content");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { FileInputStream.class, FileChannel.class, FileDescriptor.class })
	void aFileIsClosedOnce(Class<? extends Object> type) throws IOException {
		Object adopted = adopt(new FileInputStream(this.file), type);
		close(adopted);
		try (Connection<SocketChannel> reusesTheNumber = Connection.channel()) {
			close(adopted);
			reusesTheNumber.client().writeLine("hello");
			assertThat(TestClient.readLine(reusesTheNumber.accepted())).isEqualTo("hello");
		}
	}

	@Test
	@SuppressWarnings("try")
	void aHandleIsAdoptedOnce() throws IOException {
		try (Handle handle = Handle.take(new FileInputStream(this.file));
				InputStream adopted = handle.as(InputStream.class)) {
			assertThat(handle.isOpen()).isFalse();
			assertThatIOException().isThrownBy(() -> handle.as(InputStream.class)).withMessageContaining("adopted");
			handle.close();
			assertThat(adopted).hasContent("content");
		}
	}

	@Test
	void aHandleCanBeAskedForAsAHandle() throws IOException {
		try (Handle handle = Handle.take(new FileInputStream(this.file))) {
			assertThat(handle.as(Handle.class)).isSameAs(handle);
			assertThat(handle.isOpen()).isTrue();
		}
	}

	@Test
	void whatAHandleCannotBecomeIsSaidAndItStaysOpen() throws IOException {
		try (Handle handle = Handle.take(new FileInputStream(this.file))) {
			assertThatExceptionOfType(InvalidHandleException.class).isThrownBy(() -> handle.as(DatagramChannel.class))
				.withMessageContaining("file")
				.withMessageContaining(DatagramChannel.class.getName())
				.withMessageContaining("FileChannel, FileInputStream, FileOutputStream");
			assertThat(handle.isOpen()).isTrue();
		}
	}

	@Test
	void handleTypesAreRecognized() {
		assertThat(new Class<?>[] { Handle.class, SocketChannel.class, Socket.class, ServerSocketChannel.class,
				ServerSocket.class, DatagramChannel.class, FileChannel.class, FileInputStream.class,
				FileOutputStream.class, InputStream.class, OutputStream.class, FileDescriptor.class,
				java.nio.channels.ByteChannel.class, java.nio.channels.Pipe.SourceChannel.class })
			.allMatch(Handle::isHandleType);
		assertThat(new Class<?>[] { Object.class, String.class, java.io.Closeable.class, byte[].class, File.class,
				RandomAccessFile.class })
			.noneMatch(Handle::isHandleType);
	}

	private static <T> T adopt(Object offered, Class<T> type) throws IOException {
		return Transfer.send(Handle.take(offered)).as(type);
	}

	private static void close(Object adopted) throws IOException {
		if (adopted instanceof FileDescriptor descriptor) {
			Descriptors.close(descriptor);
		}
		else {
			((java.io.Closeable) adopted).close();
		}
	}

}
