package io.ipcboot.handle;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Handing over and adopting leaves no descriptor behind.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class DescriptorLeakTests {

	/** Where the descriptor has to be looked up, a round takes milliseconds. */
	private static final int SLOW_ROUNDS = 100;

	private static final int ROUNDS = JdkChannels.areOpen() ? 2000 : SLOW_ROUNDS;

	@TempDir
	Path directory;

	private HandleSocket.Pair pair;

	@BeforeEach
	void open() throws IOException {
		this.pair = HandleSocket.openPair();
		this.pair.second().acceptHandles(true);
	}

	@AfterEach
	void close() throws IOException {
		this.pair.first().close();
		this.pair.second().close();
	}

	@Test
	void socketChannels() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			assertNoLeak(ROUNDS, () -> {
				try (TestClient client = TestClient.connect(listener.getLocalAddress())) {
					serve(Handle.take(listener.accept()), client);
				}
			});
		}
	}

	@Test
	void registeredSocketChannels() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); Selector selector = Selector.open()) {
			assertNoLeak(ROUNDS, () -> {
				try (TestClient client = TestClient.connect(listener.getLocalAddress())) {
					SocketChannel accepted = listener.accept();
					accepted.configureBlocking(false);
					accepted.register(selector, SelectionKey.OP_READ);
					serve(Handle.take(accepted), client);
					selector.selectNow();
				}
			});
		}
	}

	@Test
	void sockets() throws IOException {
		try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			assertNoLeak(SLOW_ROUNDS, () -> {
				try (TestClient client = TestClient.connect(listener.getLocalSocketAddress())) {
					serve(Handle.take(listener.accept()), client);
				}
			});
		}
	}

	@Test
	void listeners() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			assertNoLeak(SLOW_ROUNDS, () -> {
				try (ServerSocket adopted = transfer(Handle.take(listener)).as(ServerSocket.class);
						TestClient client = TestClient.connect(listener.getLocalAddress());
						Socket accepted = adopted.accept()) {
					accepted.getOutputStream().write("hello\n".getBytes());
					assertThat(client.readLine()).isEqualTo("hello");
				}
			});
		}
	}

	@Test
	void files() throws IOException {
		File file = File.createTempFile("file", "", this.directory.toFile());
		for (int i = 0; i < SLOW_ROUNDS; i++) {
			try (FileInputStream adopted = transfer(Handle.take(new FileInputStream(file))).as(FileInputStream.class)) {
				assertThat(adopted.read()).isEqualTo(-1);
			}
		}
		assertThat(OpenDescriptors.byNumber(file.toString())).isEmpty();
	}

	@Test
	void aStreamThatFailsToClose() throws IOException {
		File file = File.createTempFile("file", "", this.directory.toFile());
		boolean[] fails = { true };
		FileInputStream stream = new FileInputStream(file) {

			@Override
			public void close() throws IOException {
				if (fails[0]) {
					throw new IOException("Not today");
				}
				super.close();
			}

		};
		assertThatIOException().isThrownBy(() -> Handle.take(stream)).withMessage("Not today");
		assertThat(OpenDescriptors.byNumber(file.toString())).hasSize(1);
		fails[0] = false;
		stream.close();
	}

	@Test
	void pipes() throws IOException {
		assertNoLeak(SLOW_ROUNDS, () -> {
			try (IpcPipe pipe = IpcPipe.open();
					FileInputStream adopted = transfer(Handle.take(pipe.source())).as(FileInputStream.class)) {
				pipe.sink().write(1);
				assertThat(adopted.read()).isOne();
			}
		});
	}

	@Test
	void handleSockets() throws IOException {
		assertNoLeak(SLOW_ROUNDS, () -> {
			HandleSocket.Pair sockets = HandleSocket.openPair();
			sockets.first().close();
			sockets.second().release();
		});
	}

	@Test
	void connectionsThatWereResetBeforeTheyAreTakenOrAdopted() throws IOException {
		assertNoLeak(20, () -> {
			try (Connection<Socket> connection = Connection.socket();
					Handle handle = Handle.share(connection.accepted())) {
				reset(connection.client());
				assertThatIOException().isThrownBy(() -> Handle.take(connection.accepted()))
					.withMessageContaining("no longer connected");
				if (JdkChannels.areOpen()) {
					assertThatIOException().isThrownBy(() -> handle.as(SocketChannel.class));
					assertThat(handle.isOpen()).isTrue();
				}
			}
		});
	}

	private static void reset(TestClient client) throws IOException {
		client.channel().setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
		client.close();
	}

	private void serve(Handle handle, TestClient client) throws IOException {
		try (Socket adopted = transfer(handle).as(Socket.class)) {
			client.writeLine("x");
			assertThat(adopted.getInputStream().read()).isEqualTo('x');
			adopted.shutdownOutput();
			assertThat(client.isAtEnd()).isTrue();
		}
	}

	private Handle transfer(Handle handle) throws IOException {
		try (handle) {
			this.pair.first().write(new byte[1], 0, 1, handle);
			assertThat(this.pair.second().read(new byte[1], 0, 1)).isOne();
			Handle received = this.pair.second().pollReceived(handle.kind());
			assertThat(received).isNotNull();
			return received;
		}
	}

	/**
	 * Objects of other tests that are collected meanwhile may close theirs.
	 */
	private static void assertNoLeak(int rounds, Round round) throws IOException {
		round.run();
		OpenDescriptors before = OpenDescriptors.now();
		for (int i = 0; i < rounds; i++) {
			round.run();
		}
		assertThat(before.openedSince()).isEmpty();
	}

	interface Round {

		void run() throws IOException;

	}

}
