package io.ipcboot.handle;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.newsclub.net.unix.AFUNIXSocketChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Nothing that was used on the way closes a descriptor when it is collected.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class GarbageCollectionTests {

	@Test
	void adoptedConnectionsSurvive() throws IOException {
		List<Connection<?>> connections = new ArrayList<>();
		List<Socket> adopted = new ArrayList<>();
		try (Selector selector = Selector.open()) {
			for (int i = 0; i < 10; i++) {
				Connection<Socket> socket = Connection.socket();
				Connection<SocketChannel> channel = Connection.channel();
				channel.accepted().configureBlocking(false);
				channel.accepted().register(selector, SelectionKey.OP_READ);
				connections.addAll(List.of(socket, channel));
				adopted.add(Transfer.send(Handle.take(socket.accepted())).as(Socket.class));
				adopted.add(Transfer.send(Handle.take(channel.accepted())).as(Socket.class));
			}
		}
		collect();
		for (int i = 0; i < adopted.size(); i++) {
			assertTalks(adopted.get(i), connections.get(i).client());
		}
	}

	@Test
	void numbersThatWereUsedBeforeAreNotClosedAgain() throws IOException {
		for (int i = 0; i < 10; i++) {
			try (Connection<Socket> connection = Connection.socket()) {
				Transfer.send(Handle.take(connection.accepted())).as(Socket.class).close();
			}
			for (AFUNIXSocketChannel channel : UnixSocketPair.open()) {
				Transfer.send(Handle.take(channel)).close();
			}
		}
		List<Connection<Socket>> connections = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			connections.add(Connection.socket());
		}
		collect();
		for (Connection<Socket> connection : connections) {
			assertTalks(connection.accepted(), connection.client());
		}
	}

	@Test
	void adoptedListenersSurviveAndDoNotStopTheSender() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(null)) {
			ServerSocket kept = Transfer.send(Handle.take(listener)).as(ServerSocket.class);
			Transfer.send(Handle.take(listener)).as(ServerSocket.class);
			Transfer.send(Handle.take(listener));
			collect();
			try (kept;
					TestClient client = TestClient.connect(kept.getLocalSocketAddress());
					Socket accepted = kept.accept()) {
				assertTalks(accepted, client);
			}
			try (TestClient client = TestClient.connect(listener.getLocalAddress());
					Socket accepted = listener.accept().socket()) {
				assertTalks(accepted, client);
			}
		}
	}

	@Test
	void adoptedPipesSurvive() throws IOException {
		IpcPipe pipe = IpcPipe.open();
		try (FileInputStream source = Transfer.send(Handle.take(pipe.source())).as(FileInputStream.class);
				FileOutputStream sink = Transfer.send(Handle.take(pipe.sink())).as(FileOutputStream.class)) {
			collect();
			sink.write(7);
			assertThat(source.read()).isEqualTo(7);
		}
	}

	@Test
	void aFailedAdoptionLeavesNothingThatClosesTheDescriptor() throws IOException {
		try (IpcPipe pipe = IpcPipe.open();
				Handle noDatagramSocket = new Handle(HandleKind.UDP_SOCKET,
						Descriptors.duplicate(pipe.source().getFD()))) {
			assertThatExceptionOfType(JdkChannels.areOpen() ? IOException.class : InvalidHandleException.class)
				.isThrownBy(() -> noDatagramSocket.as(DatagramChannel.class));
			collect();
			assertThat(noDatagramSocket.isOpen()).isTrue();
			Handle.share(noDatagramSocket).close();
		}
	}

	private static void assertTalks(Socket socket, TestClient client) throws IOException {
		socket.getOutputStream().write("hello\n".getBytes());
		assertThat(client.readLine()).isEqualTo("hello");
		client.writeLine("x");
		assertThat(socket.getInputStream().read()).isEqualTo('x');
	}

	/**
	 * Collect what is unreachable now, and let the cleaners run.
	 */
	private static void collect() {
		Cleaner cleaner = Cleaner.create();
		for (int i = 0; i < 3; i++) {
			CountDownLatch collected = new CountDownLatch(1);
			cleaner.register(new Object(), collected::countDown);
			Awaitility.await().until(() -> {
				System.gc();
				return collected.await(100, TimeUnit.MILLISECONDS);
			});
		}
	}

}
