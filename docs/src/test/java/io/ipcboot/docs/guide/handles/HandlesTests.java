package io.ipcboot.docs.guide.handles;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.docs.guide.GuideTest;
import io.ipcboot.handle.InvalidHandleException;
import io.ipcboot.messaging.NoListenerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The statements and samples of the page "Handles".
 */
@GuideTest
class HandlesTests {

	@Autowired
	private Acceptor acceptor;

	@Autowired
	private ChildProcessTemplate workers;

	@TempDir
	private Path directory;

	@Test
	void aWorkerAnswersOnAConnection() throws IOException {
		try (ServerSocketChannel server = listen(); Socket client = connect(server)) {
			this.acceptor.acceptOne(server);
			assertThat(readAll(client)).isEqualTo("hello from a worker");
		}
	}

	@Test
	void bothAnswerOnAConnectionThatIsKeptOpen() throws IOException {
		try (ServerSocketChannel server = listen(); Socket client = connect(server)) {
			this.acceptor.acceptAndKeep(server);
			assertThat(readAll(client)).contains("hello from a worker", "from the parent");
		}
	}

	@Test
	void aListenerServesOnWhenItsSenderHasClosedIt() throws IOException {
		ServerSocketChannel server = listen();
		var address = server.getLocalAddress();
		this.acceptor.share(server);
		assertThat(server.isOpen()).isTrue();
		server.close();
		try (SocketChannel client = SocketChannel.open(address)) {
			assertThat(readAll(client.socket())).isEqualTo("worker");
		}
	}

	@Test
	void filesAndPipesTravelToo() throws IOException {
		Path file = Files.writeString(this.directory.resolve("lines.txt"), "one\ntwo\n");
		assertThat(this.acceptor.countLines(file)).isEqualTo(2);
		FileInputStream second = new FileInputStream(file.toFile());
		second.skipNBytes(4);
		assertThat(this.workers.destination("count-lines").handle(second).call(Long.class)).isEqualTo(1);
		assertThat(second.getFD().valid()).isFalse();
		try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
			assertThat(this.workers.destination("file-size").handle(opened).keepOpen().call(Long.class)).isEqualTo(8);
			assertThat(opened.length()).isEqualTo(8);
		}
		assertThat(this.acceptor.export(1000)).hasSize(1000).startsWith("row 1");
	}

	@Test
	void aDatagramSocketIsShared() throws IOException {
		InetAddress loopback = InetAddress.getLoopbackAddress();
		try (DatagramSocket server = new DatagramSocket(0, loopback);
				DatagramSocket client = new DatagramSocket(0, loopback)) {
			client.setSoTimeout(30_000);
			client.send(new DatagramPacket(new byte[] { 1, 2, 3 }, 3, server.getLocalSocketAddress()));
			this.acceptor.echo(server);
			DatagramPacket answer = new DatagramPacket(new byte[10], 10);
			client.receive(answer);
			assertThat(answer.getLength()).isEqualTo(3);
			assertThat(server.isClosed()).isFalse();
		}
	}

	@Test
	void aReceivedChannelWorksWithASelector() throws IOException {
		try (ServerSocketChannel server = listen(); Socket client = connect(server)) {
			this.workers.destination("select").handle(server.accept()).send();
			client.getOutputStream().write("ping".getBytes(StandardCharsets.UTF_8));
			assertThat(readAll(client)).isEqualTo("ping");
		}
	}

	@Test
	void bytesThatWereReadAreGone() throws IOException {
		try (ServerSocketChannel server = listen(); Socket client = connect(server)) {
			client.getOutputStream().write("ping pong".getBytes(StandardCharsets.UTF_8));
			SocketChannel connection = server.accept();
			connection.socket().getInputStream().readNBytes(5);
			this.workers.destination("select").handle(connection).send();
			assertThat(readAll(client)).isEqualTo("pong");
		}
	}

	@Test
	void whatCannotBeSentIsRefusedBefore() throws IOException {
		try (ServerSocketChannel server = listen(); Socket client = connect(server)) {
			SocketChannel connection = server.accept();
			// tag::twice[]
			this.workers.destination("connection").message(new Greeting("hello")).handle(connection).send();
			assertThat(connection.isOpen()).isFalse();
			assertThatExceptionOfType(InvalidHandleException.class)
				.isThrownBy(() -> this.workers.destination("connection").handle(connection).send())
				.withMessageContaining("has already been handed over");
			// end::twice[]
			assertThat(readAll(client)).isEqualTo("hello");
		}
		assertThatExceptionOfType(InvalidHandleException.class)
			.isThrownBy(() -> this.workers.destination("connection").handle(new Socket()).send())
			.withMessageContaining("is not connected");
		assertThatExceptionOfType(InvalidHandleException.class)
			.isThrownBy(() -> this.workers.destination("connection").handle("text").send())
			.withMessageContaining("java.lang.String");
	}

	@Test
	void withoutTheFlagOnlySomeDescriptorsAreHidden() throws IOException {
		Path file = Files.createFile(this.directory.resolve("empty"));
		Pipe pipe = Pipe.open();
		try (FileChannel channel = FileChannel.open(file)) {
			assertThatExceptionOfType(InvalidHandleException.class)
				.isThrownBy(() -> this.workers.destination("file-size").handle(channel).call(Long.class))
				.withMessageContaining("--add-opens java.base/sun.nio.ch=ALL-UNNAMED");
			assertThatExceptionOfType(InvalidHandleException.class)
				.isThrownBy(() -> this.workers.destination("export").message(1).handle(pipe.sink()).send())
				.withMessageContaining("IpcPipe");
		}
		finally {
			pipe.source().close();
			pipe.sink().close();
		}
		try (FileInputStream stream = new FileInputStream(file.toFile())) {
			assertThat(this.workers.destination("file-size").handle(stream).call(Long.class)).isZero();
		}
	}

	@Test
	void aHandleNeedsAListener() throws IOException {
		try (ServerSocketChannel server = listen(); Socket client = connect(server)) {
			CompletableFuture<Void> sent = this.workers.destination("nobody").handle(server.accept()).send();
			assertThat(sent).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.withCauseInstanceOf(NoListenerException.class);
			assertThat(readAll(client)).isEmpty();
		}
	}

	@Test
	void aWorkerMaySendHandlesIfTheParentSaysSo() throws IOException {
		CompletableFuture<String> returned = new CompletableFuture<>();
		// tag::accept[]
		ForkOptions options = ForkOptions.sameApplication().acceptHandles();
		try (ChildProcess child = this.workers.fork(options)) {
			child.listen("returned", Socket.class, // <1>
					(socket) -> returned.complete(greet(socket)));
			// end::accept[]
			try (ServerSocketChannel server = listen(); Socket client = connect(server)) {
				child.destination("give-back").handle(server.accept()).send();
				assertThat(readAll(client)).isEqualTo("back again");
				assertThat(returned).succeedsWithin(Duration.ofSeconds(30));
			}
			// tag::accept[]
		}
		// end::accept[]
	}

	private static String greet(Socket socket) {
		try (socket; OutputStream output = socket.getOutputStream()) {
			output.write("back again".getBytes(StandardCharsets.UTF_8));
			return "done";
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private static ServerSocketChannel listen() throws IOException {
		return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	private static Socket connect(ServerSocketChannel server) throws IOException {
		Socket client = new Socket();
		client.setSoTimeout(30_000);
		client.connect(server.getLocalAddress());
		return client;
	}

	private static String readAll(Socket client) throws IOException {
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

}
