package io.ipcboot.handle;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFPipe;
import org.newsclub.net.unix.AFUNIXServerSocket;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketPair;
import org.newsclub.net.unix.FileDescriptorCast;

import static org.assertj.core.api.Assertions.assertThat;

class JunixsocketSendingTests extends SendingTests {

	@TempDir
	Path directory;

	private AFUNIXSocketAddress address;

	@BeforeEach
	void chooseAddress() throws IOException {
		this.address = AFUNIXSocketAddress.of(this.directory.resolve("socket"));
	}

	@Test
	void anotherProcessAcceptsOnAServerSocket() throws IOException {
		try (AFUNIXServerSocket listener = AFUNIXServerSocket.bindOn(this.address)) {
			worker.send(Handle.take(listener));
			assertThat(listener.isClosed()).isFalse();
			assertServedThrough(AFUNIXSocketChannel.open(this.address));
		}
	}

	@Test
	void anotherProcessAcceptsOnAServerSocketChannel() throws IOException {
		try (AFUNIXServerSocketChannel listener = AFUNIXServerSocketChannel.open()) {
			listener.bind(this.address);
			worker.send(Handle.take(listener));
			assertServedThrough(AFUNIXSocketChannel.open(this.address));
		}
	}

	@Test
	void aSocketIsServedByAnotherProcess() throws IOException {
		try (AFUNIXServerSocket listener = AFUNIXServerSocket.bindOn(this.address);
				AFUNIXSocketChannel client = AFUNIXSocketChannel.open(this.address);
				AFUNIXSocket accepted = listener.accept()) {
			worker.send(Handle.take(accepted));
			assertThat(accepted.isClosed()).isTrue();
			assertServedThrough(client);
		}
	}

	@Test
	void aSocketChannelIsServedByAnotherProcess() throws IOException {
		AFUNIXSocketPair<AFUNIXSocketChannel> pair = AFUNIXSocketPair.open();
		try (AFUNIXSocketChannel client = pair.getSocket1(); AFUNIXSocketChannel other = pair.getSocket2()) {
			worker.send(Handle.take(other));
			assertThat(other.isOpen()).isFalse();
			assertServedThrough(client);
		}
	}

	@Test
	void anInternetConnectionIsServedByAnotherProcess() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			Handle handle = Handle.take(connection.accepted());
			try (Socket socket = FileDescriptorCast.using(handle.as(java.io.FileDescriptor.class)).as(Socket.class)) {
				worker.send(Handle.take(socket));
				assertServed(connection.client());
			}
		}
	}

	@Test
	void thePipeEndsAreUsedByAnotherProcess() throws IOException {
		try (AFPipe pipe = AFPipe.open()) {
			worker.send(Handle.take(pipe.sink()));
			assertThat(worker.reply()).isEqualTo("written");
			ByteBuffer text = ByteBuffer.allocate(100);
			pipe.source().read(text);
			assertThat(new String(text.array(), 0, text.position(), StandardCharsets.UTF_8)).isEqualTo(greeting());
			assertThat(pipe.source().read(text)).isEqualTo(-1);
		}
	}

	@Test
	void aCastDescriptorIsUsedByAnotherProcess() throws IOException {
		File file = Files.writeString(this.directory.resolve("file"), "content").toFile();
		try (FileInputStream stream = new FileInputStream(file)) {
			worker.send(Handle.take(FileDescriptorCast.using(stream.getFD())));
			assertThat(worker.reply()).isEqualTo("content");
			assertThat(stream.getFD().valid()).isFalse();
		}
	}

	private static void assertServedThrough(SocketChannel channel) throws IOException {
		try (TestClient client = new TestClient(channel)) {
			assertServed(client);
		}
	}

}
