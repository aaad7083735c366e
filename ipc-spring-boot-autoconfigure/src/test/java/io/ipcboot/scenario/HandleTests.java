package io.ipcboot.scenario;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ChildProcess;
import io.ipcboot.ProcessTest;
import io.ipcboot.pool.LossCause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are handed over are not lost, whatever happens to those who get them.
 */
@ProcessTest
@Tag("opened")
class HandleTests {

	private static final int BATCH = 100;

	@RegisterExtension
	final Invariants invariants = new Invariants();

	private final List<Socket> clients = new ArrayList<>();

	private ServerSocketChannel listener;

	@BeforeEach
	void listen() throws IOException {
		this.listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
	}

	@AfterEach
	void close() throws IOException {
		for (Socket client : this.clients) {
			client.close();
		}
		this.listener.close();
	}

	@Test
	void s23NoDescriptorLeftInAWorker() throws IOException {
		// its JVM has a descriptor for every jar of the class path before anything else
		int enough = System.getProperty("java.class.path").split(File.pathSeparator).length + 100;
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2),
				this.invariants.worker().commandPrefix("prlimit", "--nofile=" + enough));
		ChildProcess exhausted = pool.worker();
		// it may be so short of descriptors that it cannot even answer
		exhausted.callAsync("exhaust-descriptors", null, Integer.class).handle((held, ex) -> held).join();
		List<CompletableFuture<Void>> sent = handOver(pool, "connection", 20);
		assertAllEcho();
		sent.forEach((message) -> assertThat(message).succeedsWithin(Invariants.PATIENCE));
		// whether it is killed for what it could not take, is for the pool to decide
		pool.deaths().forEach(pool::expectDeaths);
	}

	@Test
	void s25HandleIsNeverAcknowledged() throws IOException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).heartbeatTimeout(Duration.ofSeconds(1)));
		long stopped = pool.pids().get(0);
		pool.worker(stopped).kill("STOP");
		List<CompletableFuture<Void>> sent = handOver(pool, "connection", 20);
		assertAllEcho();
		sent.forEach((message) -> assertThat(message).succeedsWithin(Invariants.PATIENCE));
		pool.expectDeaths(LossCause.HEARTBEAT);
		pool.awaitReplaced(stopped);
	}

	@Test
	void s25HandleWaitsForAListenerThatHoldsUpOthers() throws IOException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).heartbeatTimeout(Duration.ofSeconds(1)));
		List<Long> pids = pool.pids();
		assertThat(handOver(pool, "connection", 1).get(0)).succeedsWithin(Invariants.PATIENCE);
		try (Socket silent = this.clients.remove(0)) {
			List<CompletableFuture<Void>> sent = handOver(pool, "connection", 20);
			assertAllEcho();
			sent.forEach((message) -> assertThat(message).succeedsWithin(Invariants.PATIENCE));
			silent.getOutputStream().write(textOf(silent));
			silent.shutdownOutput();
			assertThat(silent.getInputStream().readAllBytes()).isEqualTo(textOf(silent));
		}
		assertThat(pool.pids()).isEqualTo(pids);
	}

	@Test
	void s25TakenConnectionEndsWithItsWorker() throws IOException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		handOver(pool, "hold", 5).forEach((message) -> assertThat(message).succeedsWithin(Invariants.PATIENCE));
		long pid = pool.worker().pid();
		pool.worker().kill("KILL");
		pool.expectDeaths(LossCause.KILLED);
		for (Socket client : this.clients) {
			assertThat(client.getInputStream().read()).as("the end of the connection").isEqualTo(-1);
		}
		pool.awaitReplaced(pid);
	}

	@Test
	void s39ManyConnections() throws IOException {
		int count = Integer.getInteger("tests.connections", 10_000);
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		for (int done = 0; done < count; done += BATCH) {
			List<CompletableFuture<Void>> sent = handOver(pool, "connection", BATCH);
			assertAllEcho();
			sent.forEach((message) -> assertThat(message).succeedsWithin(Invariants.PATIENCE));
			close(this.clients);
		}
	}

	@Test
	void s39ManyConnectionsAtOnce() throws IOException {
		int count = Integer.getInteger("tests.connections", 10_000) / 10;
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		List<CompletableFuture<Void>> sent = handOver(pool, "hold", count);
		sent.forEach((message) -> assertThat(message).succeedsWithin(Invariants.PATIENCE));
		int open = 0;
		for (Socket client : this.clients) {
			client.setSoTimeout(1);
			open += isOpen(client) ? 1 : 0;
		}
		assertThat(open).as("connections that the workers hold").isEqualTo(count);
	}

	private static boolean isOpen(Socket client) throws IOException {
		try {
			return client.getInputStream().read() >= 0;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
	}

	private List<CompletableFuture<Void>> handOver(ObservedPool pool, String destination, int count)
			throws IOException {
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Socket client = new Socket();
			client.connect(this.listener.getLocalAddress());
			client.setSoTimeout((int) Invariants.PATIENCE.toMillis());
			this.clients.add(client);
			SocketChannel accepted = this.listener.accept();
			sent.add(pool.destination(destination).message(i).handle(accepted).send());
		}
		return sent;
	}

	/** All write first, as it is not known in which order they are served. */
	private void assertAllEcho() throws IOException {
		for (Socket client : this.clients) {
			client.getOutputStream().write(textOf(client));
			client.shutdownOutput();
		}
		for (Socket client : this.clients) {
			assertThat(client.getInputStream().readAllBytes()).isEqualTo(textOf(client));
		}
	}

	private static byte[] textOf(Socket client) {
		return ("client " + client.getLocalPort()).getBytes(StandardCharsets.UTF_8);
	}

	private static void close(List<Socket> clients) throws IOException {
		for (Socket client : clients) {
			client.close();
		}
		clients.clear();
	}

}
