package io.ipcboot.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * Both ends of the links are in this JVM.
 */
@Tag("opened")
@ExtendWith(NothingLeftBehind.class)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionDispatcherTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final List<String> violations = new CopyOnWriteArrayList<>();

	private final List<Socket> clients = new ArrayList<>();

	private final List<HandleSocket> ends = new ArrayList<>();

	private final List<WorkerLink> links = new CopyOnWriteArrayList<>();

	private BoundSocket socket;

	private ConnectionDispatcher dispatcher;

	@BeforeEach
	void listen() throws IOException {
		this.socket = BoundSocket.bind(0, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024, false);
		this.dispatcher = new ConnectionDispatcher(this.socket, false);
	}

	@AfterEach
	void close() throws IOException {
		for (HandleSocket end : this.ends) {
			end.shutdown();
			end.close();
		}
		this.dispatcher.close();
		this.socket.close();
		for (Socket client : this.clients) {
			client.close();
		}
	}

	@Test
	void aConnectionThatIsTakenEndsWithItsTaker() throws IOException {
		HandedOverSource worker = new HandedOverSource(connect(0), false);
		Socket client = client();
		try (SocketChannel served = worker.accept()) {
			served.write(ByteBuffer.wrap(new byte[] { 7 }));
		}
		assertThat(client.getInputStream().readAllBytes()).containsExactly(7);
		worker.close();
	}

	@Test
	void whatAWorkerHasNotTakenGoesToAnother() throws IOException {
		HandedOverSource leaving = new HandedOverSource(connect(0), false);
		Socket client = client();
		awaitUnderway(0, 1);
		HandedOverSource staying = new HandedOverSource(connect(1), false);
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
		Awaitility.await().atMost(PATIENCE).until(() -> !this.links.get(0).isOpen());
		// as if it had become ready only now
		this.dispatcher.add(this.links.get(0));
		HandedOverSource other = new HandedOverSource(connect(1), false);
		List<SocketChannel> open = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			client();
			open.add(other.accept());
		}
		for (SocketChannel connection : open) {
			connection.close();
		}
		other.close();
	}

	@Test
	void aClientThatResetsItsConnectionHoldsUpNobody() throws IOException {
		HandedOverSource worker = new HandedOverSource(connect(0), false);
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
		HandedOverSource other = new HandedOverSource(connect(1), false);
		exhausted.write(new LinkReport(LinkReport.MISSED, 0).bytes(), 0, LinkReport.SIZE);
		try (SocketChannel served = other.accept()) {
			assertThat(((InetSocketAddress) served.getRemoteAddress()).getPort()).isEqualTo(client.getLocalPort());
		}
		other.close();
	}

	@Test
	void aWorkerThatTakesNothingKeepsNothingFromTheOthers() throws IOException {
		connect(0);
		HandedOverSource other = new HandedOverSource(connect(1), false);
		int count = 3 * WorkerLink.WINDOW;
		for (int i = 0; i < count; i++) {
			client();
		}
		for (int i = 0; i < count - WorkerLink.WINDOW; i++) {
			other.accept().close();
		}
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.links.stream().mapToLong(WorkerLink::outstanding).sum() == WorkerLink.WINDOW);
		other.close();
	}

	@Test
	void aWorkerThatHangsHoldsUpOnlyItsOwnClientsAndNotForLong() throws IOException {
		this.dispatcher.close();
		this.dispatcher = new ConnectionDispatcher(this.socket, true);
		connect(0);
		HandedOverSource other = new HandedOverSource(connect(1), false);
		int count = 6 * WorkerLink.WINDOW;
		for (int i = 0; i < count; i++) {
			clientFrom("127.0.0." + (i % 200 + 2));
		}
		for (int i = 0; i < count - WorkerLink.WINDOW; i++) {
			other.accept().close();
		}
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.links.stream().mapToLong(WorkerLink::outstanding).sum() == WorkerLink.WINDOW);
		other.close();
	}

	@Test
	void aFullWorkerGetsNoConnectionAndTheOthersWaitInTheKernel() throws Exception {
		HandedOverSource worker = new HandedOverSource(connect(0, 2), true);
		List<Integer> ports = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			ports.add(client().getLocalPort());
		}
		List<SocketChannel> open = new ArrayList<>(List.of(worker.accept(), worker.accept()));
		awaitQueued(3);
		// the worker reports its load meanwhile, and the server has not looked at them
		// yet
		Awaitility.await()
			.atMost(PATIENCE)
			.during(Duration.ofMillis(200))
			.until(() -> this.links.get(0).outstanding() == 2 && queued() == 3);
		for (int i = 2; i < 5; i++) {
			open.get(i - 2).close();
			open.add(worker.accept());
			assertThat(((InetSocketAddress) open.get(i).getRemoteAddress()).getPort()).isEqualTo(ports.get(i));
		}
		for (SocketChannel connection : open) {
			connection.close();
		}
		worker.close();
	}

	@Test
	void theClientOfAFullWorkerGoesToAnother() throws Exception {
		this.dispatcher.close();
		this.dispatcher = new ConnectionDispatcher(this.socket, true);
		List<HandedOverSource> workers = List.of(new HandedOverSource(connect(0, 1), true),
				new HandedOverSource(connect(1, 1), true));
		List<Integer> ports = List.of(client().getLocalPort(), client().getLocalPort());
		List<Integer> served = new ArrayList<>();
		List<SocketChannel> open = new ArrayList<>();
		for (HandedOverSource worker : workers) {
			SocketChannel connection = worker.accept();
			open.add(connection);
			served.add(((InetSocketAddress) connection.getRemoteAddress()).getPort());
		}
		assertThat(served).containsExactlyInAnyOrderElementsOf(ports);
		// now both are full
		int owner = served.indexOf(ports.get(0));
		int waiting = client().getLocalPort();
		awaitQueued(1);
		open.get(owner).close();
		open.add(workers.get(owner).accept());
		assertThat(((InetSocketAddress) open.get(2).getRemoteAddress()).getPort()).isEqualTo(waiting);
		for (SocketChannel connection : open) {
			connection.close();
		}
		workers.forEach(HandedOverSource::close);
	}

	/** How many connections to the server socket no process has accepted. */
	private int queued() throws IOException {
		String address = ":%04X".formatted(this.socket.address().getPort());
		for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
			for (String line : Files.readAllLines(Path.of(table))) {
				String[] fields = line.trim().split("\\s+");
				if (fields[1].endsWith(address) && fields[3].equals("0A")) {
					return Integer.parseInt(fields[4].split(":")[1], 16);
				}
			}
		}
		return 0;
	}

	private void awaitQueued(int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> queued() == count);
	}

	@Test
	void theLoadThatIsReportedDecides() throws IOException {
		HandleSocket busy = connect(0);
		busy.write(new LinkReport(LinkReport.LOAD, 1000).bytes(), 0, LinkReport.SIZE);
		Awaitility.await().atMost(PATIENCE).until(() -> this.links.get(0).outstanding() == 1000);
		HandedOverSource idle = new HandedOverSource(connect(1), false);
		for (int i = 0; i < 20; i++) {
			client();
			idle.accept().close();
		}
		assertThat(this.links.get(0).outstanding()).isEqualTo(1000);
		idle.close();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0x0000_0001_0000_0000L, 0x0000_0002_0000_0000L, 0x0000_0003_0000_0000L,
			0xFFFF_FFFF_0000_0000L, 0x0000_0000_FFFF_FFFFL, 0x0000_0000_7FFF_FFFFL })
	void aReportThatCannotBeTrueEndsTheLine(long report) throws IOException {
		HandleSocket liar = connect(0);
		liar.write(ByteBuffer.allocate(Long.BYTES).putLong(report).array(), 0, Long.BYTES);
		Awaitility.await().atMost(PATIENCE).until(() -> this.violations.size() == 1);
		HandedOverSource honest = new HandedOverSource(connect(1), false);
		client();
		honest.accept().close();
		honest.close();
	}

	@Test
	void aWorkerThatReportsWhatItHasNotReadHoldsUpNobody() throws Exception {
		HandleSocket liar = connect(0);
		WorkerLink link = this.links.get(0);
		for (int i = 0; i < 1000 && link.isOpen(); i++) {
			client();
			awaitOutstanding(link, 1);
			try {
				liar.write(new LinkReport(LinkReport.TAKEN, 0).bytes(), 0, LinkReport.SIZE);
			}
			catch (IOException ex) {
				// the link was closed meanwhile
			}
			awaitOutstanding(link, 0);
		}
		Awaitility.await().atMost(PATIENCE).until(() -> this.violations.size() == 1);
		assertThat(this.violations.get(0)).matches("it reports \\d+ connections as taken that it has not received");
		HandedOverSource honest = new HandedOverSource(connect(1), false);
		client();
		// the one that the liar had no room for, and the new one
		for (Socket client : this.clients.subList(this.clients.size() - 2, this.clients.size())) {
			try (SocketChannel served = honest.accept()) {
				assertThat(((InetSocketAddress) served.getRemoteAddress()).getPort()).isEqualTo(client.getLocalPort());
			}
		}
		honest.close();
	}

	private static void awaitOutstanding(WorkerLink link, int count) {
		Awaitility.await()
			.atMost(PATIENCE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(1))
			.until(() -> link.outstanding() == count || !link.isOpen());
	}

	@Test
	void noConnectionIsLostOrServedTwiceWhileWorkersComeAndGo() throws Exception {
		Map<Integer, Integer> served = new ConcurrentHashMap<>();
		Random random = new Random(42);
		int count = 10_000;
		List<HandedOverSource> workers = new ArrayList<>();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			if (i % 200 == 0) {
				HandedOverSource worker = new HandedOverSource(connect(i / 200), false);
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
		workers.forEach(HandedOverSource::close);
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

	private static Thread startServing(HandedOverSource worker, Map<Integer, Integer> served) {
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
		return connect(slot, 0);
	}

	private HandleSocket connect(int slot, int maxConnections) throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		this.ends.add(pair.second());
		WorkerLink link = new WorkerLink(new PeerId("pool", slot, slot), pair.first(), maxConnections, new Events());
		this.links.add(link);
		this.dispatcher.add(link);
		return pair.second();
	}

	private Socket client() throws IOException {
		return clientFrom("127.0.0.1");
	}

	private Socket clientFrom(String address) throws IOException {
		Socket client = new Socket();
		client.bind(new InetSocketAddress(address, 0));
		client.connect(this.socket.address());
		this.clients.add(client);
		return client;
	}

	private void awaitUnderway(int link, int count) {
		Awaitility.await().atMost(PATIENCE).until(() -> this.links.get(link).outstanding() == count);
	}

	private final class Events implements WorkerLink.LinkObserver {

		@Override
		public void handedBack(WorkerLink link, List<Connection> connections) {
			ConnectionDispatcherTests.this.dispatcher.requeue(link, connections);
		}

		@Override
		public void hasRoom() {
			ConnectionDispatcherTests.this.dispatcher.hasRoom();
		}

		@Override
		public void ended(WorkerLink link, @Nullable String violation) {
			ConnectionDispatcherTests.this.dispatcher.ended(link);
			if (violation != null) {
				ConnectionDispatcherTests.this.violations.add(violation);
			}
		}

		@Override
		public void broken(IOException cause) {
			throw new UncheckedIOException(cause);
		}

	}

}
