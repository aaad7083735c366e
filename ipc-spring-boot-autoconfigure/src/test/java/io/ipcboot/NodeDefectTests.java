package io.ipcboot;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.handle.InvalidHandleException;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.pool.WorkerStartException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What goes wrong in Node.js 20 between a process and its child, and does not here.
 */
@ProcessTest
class NodeDefectTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	/**
	 * Node: {@code disconnect} never fires, callbacks are never called, the sockets in
	 * the queue stay open and their clients hang.
	 */
	@Test
	void aChildThatIsKilledWithHandlesOnTheirWayLeavesNothingOpen() throws IOException {
		ChildProcess child = fork();
		child.kill("STOP");
		List<Client> clients = new ArrayList<>();
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		try (ServerSocketChannel listener = Client.listen()) {
			for (int i = 0; i < 200; i++) {
				Client client = Client.connect(listener);
				clients.add(client);
				sent.add(child.destination("connection").message(i).handle(client.accepted()).send());
			}
			assertThat(sent).noneMatch(CompletableFuture::isDone);
			child.kill("KILL");
			for (CompletableFuture<Void> each : sent) {
				assertThat(each).failsWithin(Duration.ofSeconds(10))
					.withThrowableThat()
					.havingCause()
					.isInstanceOfSatisfying(WorkerLostException.class,
							(lost) -> assertThat(lost.mayHaveStarted()).isFalse());
			}
			assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(10));
			assertThat(child.isConnected()).isFalse();
			for (Client client : clients) {
				assertThat(client.answer()).isEmpty();
			}
		}
		finally {
			for (Client client : clients) {
				client.close();
			}
		}
	}

	/** Node: a descriptor shortage of the receiver crashes the sender. */
	@Test
	void aChildWithoutDescriptorsDoesNoHarmToTheParent() throws IOException {
		String[] java = StandaloneTemplate.javaCommand(HandleChild.class);
		ChildProcess child = this.processes
			.fork(ForkOptions.program("sh", "-c", "ulimit -n 240; exec \"$@\"", "sh").arguments(java).channel(true));
		List<Client> clients = new ArrayList<>();
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		try (ServerSocketChannel listener = Client.listen()) {
			for (int i = 0; i < 300 && child.isConnected(); i++) {
				Client client = Client.connect(listener);
				clients.add(client);
				try {
					sent.add(child.destination("hold").message(i).handle(client.accepted()).send());
				}
				catch (ChannelClosedException ex) {
					// it was not taken
					client.accepted().close();
					sent.add(CompletableFuture.failedFuture(ex));
				}
			}
			// each has an outcome, and the clients whose socket was not taken are told
			CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new))
				.handle((nothing, ex) -> null)
				.orTimeout(20, TimeUnit.SECONDS)
				.join();
			assertThat(sent).anyMatch(CompletableFuture::isCompletedExceptionally)
				.anyMatch((each) -> !each.isCompletedExceptionally());
			assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(10));
			for (Client client : clients) {
				assertThat(client.answer()).isEmpty();
			}
		}
		finally {
			for (Client client : clients) {
				client.close();
			}
		}
		ChildProcess next = fork();
		assertThat(next.call("held", null, Integer.class)).isZero();
	}

	/** Node: {@code close} is never emitted after the parent has disconnected. */
	@Test
	void theEndIsReportedAlsoAfterADisconnect() {
		ChildProcess child = fork();
		assertThat(child.disconnect()).succeedsWithin(Duration.ofSeconds(10))
			.satisfies((exit) -> assertThat(exit.code()).isZero());
		assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.processes.events).last().isInstanceOf(WorkerExitedEvent.class);
	}

	/** Node: 600 messages to a blocked child, SIGKILL: all 600 callbacks say success. */
	@Test
	void messagesThatNobodyHasTakenAreNotReportedAsDelivered() {
		ChildProcess child = fork();
		child.kill("STOP");
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			sent.add(child.send("ignore", "x".repeat(1000)));
		}
		child.kill("KILL");
		for (CompletableFuture<Void> each : sent) {
			assertThat(each).failsWithin(Duration.ofSeconds(10));
		}
	}

	/** Node: 16000 queued handles run at a seventh of the speed of 1000. */
	@Test
	@Tag("alone")
	void aLongQueueOfHandlesTakesNoLongerPerHandle(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("file"), "x");
		ChildProcess child = fork();
		nanosPerHandle(child, file, 1000);
		long few = nanosPerHandle(child, file, 1000);
		long many = nanosPerHandle(child, file, 8000);
		assertThat(many).isLessThan(5 * few);
	}

	private static long nanosPerHandle(ChildProcess child, Path file, int count) throws IOException {
		child.kill("STOP");
		Awaitility.await().until(() -> ProcStat.isStopped(child.pid()));
		try (RandomAccessFile shared = new RandomAccessFile(file.toFile(), "r")) {
			CompletableFuture<?>[] sent = new CompletableFuture<?>[count];
			for (int i = 0; i < count; i++) {
				sent[i] = child.destination("ignore").message("x").handle(shared).keepOpen().send();
			}
			long start = System.nanoTime();
			child.kill("CONT");
			CompletableFuture.allOf(sent).orTimeout(40, TimeUnit.SECONDS).join();
			return (System.nanoTime() - start) / count;
		}
	}

	/** Node: a malformed frame from one side is an uncaught exception in the other. */
	@Test
	void aChildThatSendsGarbageIsKilledAndNobodyElseNotices() {
		ChildProcess other = fork();
		ForkOptions garbage = ForkOptions.program("sh", "-c", "head -c 1000 /dev/urandom >&0; exec sleep 60")
			.channel(true);
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.fork(garbage))
			.withMessageContaining("it sent an invalid frame; the process was ended by SIGKILL");
		assertThat(other.call("held", null, Integer.class)).isZero();
	}

	/** Node: messages of users can look like the protocol's own. */
	@Test
	void noMessageOfAUserCanBeTakenForTheProtocol() {
		ChildProcess child = fork();
		child.send("message", Map.of("cmd", "NODE_HANDLE_ACK"));
		child.send("READY", Map.of("cmd", "BYE"));
		child.destination("ignore").header("protocol", "2").message("DRAIN").send();
		assertThat(child.call("held", null, Integer.class)).isZero();
		assertThat(child.isConnected()).isTrue();
	}

	/** Node: a TLS socket passes the check, and then the sender dies. */
	@Test
	void aTlsSocketIsRefusedBeforeAnythingIsSent() throws IOException {
		ChildProcess child = fork();
		try (SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket()) {
			assertThatExceptionOfType(InvalidHandleException.class)
				.isThrownBy(() -> child.destination("connection").handle(socket).send())
				.withMessageContaining("TLS");
		}
		assertThat(child.call("held", null, Integer.class)).isZero();
	}

	/** Node: two servers on a random port have the same key. */
	@Test
	void twoListenersOnRandomPortsAreNotMixedUp() throws IOException {
		ChildProcess first = fork();
		ChildProcess second = fork();
		int portOfFirst;
		int portOfSecond;
		try (ServerSocketChannel one = Client.listen(); ServerSocketChannel two = Client.listen()) {
			portOfFirst = Client.port(one);
			portOfSecond = Client.port(two);
			first.destination("listener").handle(one).send().join();
			second.destination("listener").handle(two).send().join();
		}
		try (Socket client = Client.connect(portOfFirst); Socket other = Client.connect(portOfSecond)) {
			assertThat(Client.answer(client)).isEqualTo("pid " + first.pid());
			assertThat(Client.answer(other)).isEqualTo("pid " + second.pid());
		}
	}

	/**
	 * Node: the same socket sent twice arrives without its handle, and nobody is told.
	 */
	@Test
	void aSocketThatWasHandedOverIsRefusedTheSecondTime() throws IOException {
		ChildProcess child = fork();
		try (ServerSocketChannel listener = Client.listen(); Client client = Client.connect(listener)) {
			child.destination("connection").handle(client.accepted()).send().join();
			assertThatExceptionOfType(InvalidHandleException.class)
				.isThrownBy(() -> child.destination("connection").handle(client.accepted()).send())
				.withMessageContaining("already been handed over");
			assertThat(client.answer()).isEqualTo("pid " + child.pid());
		}
	}

	private ChildProcess fork() {
		return this.processes.fork(StandaloneTemplate.child(HandleChild.class));
	}

}
