package io.ipcboot;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.handle.IpcPipe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sockets, files and pipes that go to another process.
 */
@ProcessTest
class ChildHandleTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aConnectionIsServedByTheChild() throws IOException {
		ChildProcess child = fork();
		try (ServerSocketChannel listener = Client.listen(); Client client = Client.connect(listener)) {
			child.destination("connection").handle(client.accepted()).send().join();
			assertThat(client.answer()).isEqualTo("pid " + child.pid());
			assertThat(client.accepted().isOpen()).isFalse();
		}
	}

	@Test
	void aConnectionThatIsKeptOpenIsServedByBoth() throws IOException {
		ChildProcess child = fork();
		try (ServerSocketChannel listener = Client.listen(); Client client = Client.connect(listener)) {
			client.accepted().write(ByteBuffer.wrap("parent ".getBytes(StandardCharsets.UTF_8)));
			child.destination("connection").handle(client.accepted()).keepOpen().send().join();
			byte[] answer = client.socket().getInputStream().readNBytes(7 + greeting(child).length());
			assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("parent " + greeting(child));
			client.accepted().write(ByteBuffer.wrap(" again".getBytes(StandardCharsets.UTF_8)));
			client.accepted().close();
			assertThat(client.answer()).isEqualTo(" again");
		}
	}

	@Test
	void aListenerKeepsServingAfterTheParentClosedItsCopy() throws IOException {
		ChildProcess child = fork();
		int port;
		try (ServerSocketChannel listener = Client.listen()) {
			port = Client.port(listener);
			child.destination("listener").handle(listener).send().join();
			assertThat(listener.isOpen()).isTrue();
		}
		for (int i = 0; i < 3; i++) {
			try (Socket client = Client.connect(port)) {
				assertThat(Client.answer(client)).isEqualTo(greeting(child));
			}
		}
	}

	@Test
	void aListenerCanBeSharedBySeveralChildren() throws IOException {
		ChildProcess first = fork();
		ChildProcess second = fork();
		Set<String> answers = new HashSet<>();
		try (ServerSocketChannel listener = Client.listen()) {
			first.destination("listener").handle(listener).send().join();
			second.destination("listener").handle(listener).send().join();
			for (int i = 0; i < 500 && answers.size() < 2; i++) {
				try (Socket client = Client.connect(Client.port(listener))) {
					answers.add(Client.answer(client));
				}
			}
		}
		assertThat(answers).containsExactlyInAnyOrder(greeting(first), greeting(second));
	}

	@Test
	void aDatagramSocketIsUsedByTheChild() throws IOException {
		ChildProcess child = fork();
		try (DatagramChannel socket = DatagramChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				DatagramSocket client = new DatagramSocket()) {
			child.destination("datagram").handle(socket).send().join();
			client.setSoTimeout(Client.PATIENCE_MILLIS);
			client.send(new DatagramPacket(new byte[] { 1 }, 1, socket.getLocalAddress()));
			DatagramPacket answer = new DatagramPacket(new byte[100], 100);
			client.receive(answer);
			assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
				.isEqualTo(greeting(child));
		}
	}

	@Test
	void aFileIsWrittenByTheChild(@TempDir Path directory) throws IOException {
		ChildProcess child = fork();
		Path file = directory.resolve("file");
		FileOutputStream stream = new FileOutputStream(file.toFile());
		child.destination("file").handle(stream).send().join();
		child.call("held", null, Integer.class);
		assertThat(Files.readString(file)).isEqualTo(greeting(child));
	}

	@Test
	void aPipeIsWrittenByTheChild() throws IOException {
		ChildProcess child = fork();
		try (IpcPipe pipe = IpcPipe.open()) {
			child.destination("pipe").handle(pipe.sink()).send().join();
			byte[] bytes = new byte[100];
			int count = pipe.source().read(bytes);
			assertThat(new String(bytes, 0, count, StandardCharsets.UTF_8)).isEqualTo(greeting(child));
			assertThat(pipe.source().read()).isEqualTo(-1);
		}
	}

	@Test
	void theChildHandsAConnectionOverWhereTheParentAllowsIt() throws Exception {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(HandleChild.class).acceptHandles());
		BlockingQueue<FileDescriptor> received = new ArrayBlockingQueue<>(1);
		child.listen("child-connection", FileDescriptor.class, received::add);
		try (ServerSocketChannel listener = Client.listen()) {
			assertThat(child.call("connect", Client.port(listener), String.class)).isEqualTo("sent");
			FileDescriptor descriptor = received.poll(Client.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
			try (FileOutputStream stream = new FileOutputStream(descriptor);
					SocketChannel accepted = listener.accept()) {
				stream.write(new byte[] { 1, 2, 3 });
				ByteBuffer bytes = ByteBuffer.allocate(3);
				assertThat(accepted.read(bytes)).isEqualTo(3);
			}
		}
	}

	@Test
	void theChildHandsNothingOverWhereTheParentDoesNotAllowIt() throws Exception {
		ChildProcess child = fork();
		List<Socket> received = new CopyOnWriteArrayList<>();
		child.listen("child-connection", Socket.class, received::add);
		try (ServerSocketChannel listener = Client.listen()) {
			assertThat(child.call("connect", Client.port(listener), String.class))
				.startsWith("The parent does not accept handles from this process; fork it with acceptHandles()");
			try (SocketChannel accepted = listener.accept()) {
				assertThat(accepted.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			}
		}
		assertThat(child.isConnected()).isTrue();
		assertThat(received).isEmpty();
	}

	@Test
	void aHandleThatTheParentDidNotAllowIsClosedByTheKernel() throws Exception {
		ChildProcess child = this.processes
			.start(StandaloneTemplate.child(FailingChild.class).arguments("send-handle"));
		List<FileInputStream> received = new CopyOnWriteArrayList<>();
		child.listen("file", FileInputStream.class, received::add);
		StandaloneTemplate.awaitPrinted(child, "handle sent");
		child.kill("KILL");
		child.onExit().join();
		// whether it was told so or killed for it, the parent has got and opened nothing
		assertThat(received).isEmpty();
	}

	@Test
	void aHandleForWhichThereIsNoListenerIsClosed() throws IOException {
		ChildProcess child = fork();
		try (ServerSocketChannel listener = Client.listen(); Client client = Client.connect(listener)) {
			assertThat(child.destination("nowhere").handle(client.accepted()).send())
				.failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withMessageContaining("there is no listener for 'nowhere'");
			assertThat(client.answer()).isEmpty();
		}
	}

	@Test
	void aHandleThatTheListenerDoesNotTakeIsClosed() throws IOException {
		ChildProcess child = fork();
		try (ServerSocketChannel listener = Client.listen(); Client client = Client.connect(listener)) {
			child.destination("ignore").message("x").handle(client.accepted()).send().join();
			assertThat(client.answer()).isEmpty();
		}
	}

	@Test
	void aChildThatHasEndedTakesNothingAway() throws Exception {
		ChildProcess child = fork();
		child.kill("KILL");
		child.onExit().join();
		try (ServerSocketChannel listener = Client.listen(); Client client = Client.connect(listener)) {
			assertThatExceptionOfType(ChannelClosedException.class)
				.isThrownBy(() -> child.destination("greet").handle(client.accepted()).send())
				.withMessageEndingWith("the process was ended by SIGKILL");
			client.accepted().write(ByteBuffer.wrap("mine".getBytes(StandardCharsets.UTF_8)));
			client.accepted().close();
			assertThat(client.answer()).isEqualTo("mine");
		}
	}

	private static String greeting(ChildProcess child) {
		return "pid " + child.pid();
	}

	private ChildProcess fork() {
		return this.processes.fork(StandaloneTemplate.child(HandleChild.class));
	}

}
