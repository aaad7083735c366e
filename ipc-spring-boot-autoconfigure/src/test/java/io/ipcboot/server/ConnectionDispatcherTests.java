package io.ipcboot.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.NothingLeftBehind;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.HandleSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Both ends of the lines are in this JVM.
 */
@Tag("opened")
@ExtendWith(NothingLeftBehind.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionDispatcherTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final List<String> violations = new CopyOnWriteArrayList<>();

	private final List<Socket> clients = new ArrayList<>();

	private final List<HandleSocket> ends = new ArrayList<>();

	private final List<ConnectionLine> lines = new CopyOnWriteArrayList<>();

	private BoundListener listener;

	private ConnectionDispatcher dispatcher;

	@BeforeEach
	void listen() throws IOException {
		this.listener = BoundListener.bind(0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024, false);
		this.dispatcher = new ConnectionDispatcher(this.listener, false);
	}

	@AfterEach
	void close() throws IOException {
		for (HandleSocket end : this.ends) {
			end.shutdown();
			end.close();
		}
		this.dispatcher.close();
		this.listener.close();
		for (Socket client : this.clients) {
			client.close();
		}
	}

	@Test
	void aConnectionThatIsTakenEndsWithItsTaker() throws IOException {
		HandedOver worker = new HandedOver(connect(0), () -> 0);
		Socket client = client();
		try (SocketChannel served = worker.accept()) {
			served.write(ByteBuffer.wrap(new byte[] { 7 }));
		}
		assertThat(client.getInputStream().readAllBytes()).containsExactly(7);
		worker.close();
	}

	@Test
	void whatAWorkerHasNotTakenGoesToAnother() throws IOException {
		HandedOver leaving = new HandedOver(connect(0), () -> 0);
		Socket client = client();
		awaitUnderway(0, 1);
		HandedOver staying = new HandedOver(connect(1), () -> 0);
		leaving.close();
		assertThat(leaving.accept()).isNull();
		try (SocketChannel served = staying.accept()) {
			assertThat(((InetSocketAddress) served.getRemoteAddress()).getPort()).isEqualTo(client.getLocalPort());
		}
		staying.close();
	}

	@Test
	void aWorkerThatHasGoneIsNotWaitedFor() throws IOException {
		connect(0).shutdown();
		Awaitility.await().atMost(PATIENCE).until(() -> !this.lines.get(0).isOpen());
		// as if it had become ready only now
		this.dispatcher.add(this.lines.get(0));
		HandedOver other = new HandedOver(connect(1), () -> 1000);
		for (int i = 0; i < 10; i++) {
			client();
			other.accept().close();
		}
		other.close();
	}

	@Test
	void aClientThatResetsItsConnectionHoldsUpNobody() throws IOException {
		HandedOver worker = new HandedOver(connect(0), () -> 0);
		Socket hasty = client();
		awaitUnderway(0, 1);
		hasty.setSoLinger(true, 0);
		hasty.close();
		Socket client = client();
		try (SocketChannel served = worker.accept()) {
			assertThat(((InetSocketAddress) served.getRemoteAddress()).getPort()).isEqualTo(client.getLocalPort());
		}
		worker.close();
	}

	@Test
	void whatDoesNotArriveGoesToAnother() throws IOException {
		HandleSocket exhausted = connect(0);
		Socket client = client();
		awaitUnderway(0, 1);
		HandedOver other = new HandedOver(connect(1), () -> 0);
		exhausted.write(new Report(Report.MISSED, 0).bytes(), 0, Report.SIZE);
		try (SocketChannel served = other.accept()) {
			assertThat(((InetSocketAddress) served.getRemoteAddress()).getPort()).isEqualTo(client.getLocalPort());
		}
		other.close();
	}

	@Test
	void aWorkerThatTakesNothingKeepsNothingFromTheOthers() throws IOException {
		connect(0);
		HandedOver other = new HandedOver(connect(1), () -> 0);
		int count = 3 * ConnectionLine.WINDOW;
		for (int i = 0; i < count; i++) {
			client();
		}
		for (int i = 0; i < count - ConnectionLine.WINDOW; i++) {
			other.accept().close();
		}
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.lines.stream().mapToLong(ConnectionLine::load).sum() == ConnectionLine.WINDOW);
		other.close();
	}

	@Test
	void aWorkerThatHangsHoldsUpOnlyItsOwnClientsAndNotForLong() throws IOException {
		this.dispatcher.close();
		this.dispatcher = new ConnectionDispatcher(this.listener, true);
		connect(0);
		HandedOver other = new HandedOver(connect(1), () -> 0);
		int count = 6 * ConnectionLine.WINDOW;
		for (int i = 0; i < count; i++) {
			clientFrom("127.0.0." + (i % 200 + 2));
		}
		for (int i = 0; i < count - ConnectionLine.WINDOW; i++) {
			other.accept().close();
		}
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.lines.stream().mapToLong(ConnectionLine::load).sum() == ConnectionLine.WINDOW);
		other.close();
	}

	@Test
	void theLoadThatIsReportedDecides() throws IOException {
		HandleSocket busy = connect(0);
		busy.write(new Report(Report.LOAD, 1000).bytes(), 0, Report.SIZE);
		Awaitility.await().atMost(PATIENCE).until(() -> this.lines.get(0).load() == 1000);
		HandedOver idle = new HandedOver(connect(1), () -> 0);
		for (int i = 0; i < 20; i++) {
			client();
			idle.accept().close();
		}
		assertThat(this.lines.get(0).load()).isEqualTo(1000);
		idle.close();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0x0000_0001_0000_0000L, 0x0000_0002_0000_0000L, 0x0000_0003_0000_0000L,
			0xFFFF_FFFF_0000_0000L, 0x0000_0000_FFFF_FFFFL, 0x0000_0000_7FFF_FFFFL })
	void aReportThatCannotBeTrueEndsTheLine(long report) throws IOException {
		HandleSocket liar = connect(0);
		liar.write(ByteBuffer.allocate(Long.BYTES).putLong(report).array(), 0, Long.BYTES);
		Awaitility.await().atMost(PATIENCE).until(() -> this.violations.size() == 1);
		HandedOver honest = new HandedOver(connect(1), () -> 0);
		client();
		honest.accept().close();
		honest.close();
	}

	@Test
	void noConnectionIsLostOrServedTwiceWhileWorkersComeAndGo() throws Exception {
		Map<Integer, Integer> served = new ConcurrentHashMap<>();
		Random random = new Random(42);
		int count = 10_000;
		List<HandedOver> workers = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			if (i % 200 == 0) {
				HandedOver worker = new HandedOver(connect(i / 200), () -> 0);
				threads.add(startServing(worker, served));
				workers.add(worker);
				if (workers.size() > 2) {
					workers.remove(random.nextInt(workers.size())).close();
				}
			}
			client();
			if (i % 100 == 99) {
				awaitServed();
			}
		}
		workers.forEach(HandedOver::close);
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(served.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(count);
	}

	/** Each is answered, and nobody is answered twice. */
	private void awaitServed() throws IOException {
		for (Socket client : this.clients) {
			client.setSoTimeout((int) PATIENCE.toMillis());
			assertThat(client.getInputStream().readAllBytes()).containsExactly(1);
			client.close();
		}
		this.clients.clear();
	}

	private static Thread startServing(HandedOver worker, Map<Integer, Integer> served) {
		Thread thread = new Thread(() -> {
			try {
				SocketChannel connection;
				while ((connection = worker.accept()) != null) {
					served.merge(((InetSocketAddress) connection.getRemoteAddress()).getPort(), 1, Integer::sum);
					connection.write(ByteBuffer.wrap(new byte[] { 1 }));
					connection.close();
				}
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		});
		thread.start();
		return thread;
	}

	/** Connect a worker, and return its end. */
	private HandleSocket connect(int slot) throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		this.ends.add(pair.second());
		ConnectionLine line = new ConnectionLine(new PeerId("pool", slot, slot), pair.first(), new Events());
		this.lines.add(line);
		this.dispatcher.add(line);
		return pair.second();
	}

	private Socket client() throws IOException {
		return clientFrom("127.0.0.1");
	}

	private Socket clientFrom(String address) throws IOException {
		Socket client = new Socket();
		client.bind(new InetSocketAddress(address, 0));
		client.connect(this.listener.address());
		this.clients.add(client);
		return client;
	}

	private void awaitUnderway(int line, int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> this.lines.get(line).load() == count);
	}

	private final class Events implements ConnectionLine.Events {

		@Override
		public void returned(ConnectionLine line, List<Connection> connections) {
			ConnectionDispatcherTests.this.dispatcher.redeliver(line, connections);
		}

		@Override
		public void hasRoom() {
			ConnectionDispatcherTests.this.dispatcher.hasRoom();
		}

		@Override
		public void ended(ConnectionLine line, @Nullable String violation) {
			ConnectionDispatcherTests.this.dispatcher.ended(line);
			if (violation != null) {
				ConnectionDispatcherTests.this.violations.add(violation);
			}
		}

	}

}
