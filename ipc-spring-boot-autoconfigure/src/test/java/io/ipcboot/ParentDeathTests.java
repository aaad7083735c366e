package io.ipcboot;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;

import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parent dies: none of its workers lives on, whatever they are doing, and nothing is
 * held that the next parent needs.
 */
@ProcessTest
class ParentDeathTests {

	/** A second, plus what a busy machine may add. */
	private static final Duration BOUND = Duration.ofSeconds(5);

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void noWorkerLivesOn() throws IOException {
		ChildProcess parent = forkParent();
		List<Long> workers = List.of(parent.call("fork", null, Long.class),
				parent.call("fork-spinning", null, Long.class), parent.call("fork-hanging-at-exit", null, Long.class),
				parent.call("start-slow", null, Long.class));
		int port = parent.call("share-listener", null, Integer.class);
		assertThat(workers).allMatch(ProcStat::isRunning);
		assertThat(Client.isFree(port)).isFalse();
		parent.kill("KILL");
		parent.onExit().join();
		Awaitility.await().atMost(BOUND).untilAsserted(() -> assertThat(workers).noneMatch(ProcStat::isRunning));
		assertThat(Client.isFree(port)).isTrue();
		try (ServerSocketChannel listener = ServerSocketChannel.open()) {
			assertThat(listener.bind(new InetSocketAddress("127.0.0.1", port)).isOpen()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "exit", "halt" })
	void noWorkerOutlivesAParentThatExits(String how) {
		ChildProcess parent = forkParent();
		List<Long> workers = List.of(parent.call("fork", null, Long.class),
				parent.call("fork-spinning", null, Long.class));
		parent.send(how, 0);
		parent.onExit().join();
		Awaitility.await().atMost(BOUND).untilAsserted(() -> assertThat(workers).noneMatch(ProcStat::isRunning));
	}

	@Test
	void aWorkerThatLeavesIsNotHeldUpByItsOldDeadlineWhenTheParentDies() {
		ChildProcess parent = forkParent();
		// it was asked to leave and has 20 seconds for that, but not as an orphan
		long worker = parent.call("disconnect-hanging-at-exit", null, Long.class);
		parent.kill("KILL");
		parent.onExit().join();
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !ProcStat.isRunning(worker));
	}

	private ChildProcess forkParent() {
		return this.processes.fork(StandaloneTemplate.child(TestParent.class).output(ProcessOutput.DISCARD));
	}

}
