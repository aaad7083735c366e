package io.ipcboot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Where the output of a process goes, and that none of it is lost.
 */
@ProcessTest
class OutputTests {

	private final List<ProcessOutput.Line> lines = new CopyOnWriteArrayList<>();

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void outputIsLoggedByDefault() {
		Logger logger = (Logger) LoggerFactory.getLogger("ipc.worker.process");
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.addAppender(appender);
		try {
			ChildProcess child = this.processes.fork(ForkOptions.program("sh", "-c", "echo out; echo problem >&2"));
			child.onExit().join();
			String prefix = "[process " + child.pid() + "] ";
			assertThat(appender.list).extracting(ILoggingEvent::getLevel, ILoggingEvent::getFormattedMessage)
				.containsExactlyInAnyOrder(tuple(Level.INFO, prefix + "out"), tuple(Level.WARN, prefix + "problem"));
		}
		finally {
			logger.detachAppender(appender);
		}
	}

	@Test
	void aConsumerGetsBothStreamsApart() {
		ChildProcess child = this.processes.fork(shell("echo out; echo problem >&2; printf 'no newline'"));
		child.onExit().join();
		assertThat(this.lines).containsExactlyInAnyOrder(new ProcessOutput.Line(child.pid(), "out", false),
				new ProcessOutput.Line(child.pid(), "no newline", false),
				new ProcessOutput.Line(child.pid(), "problem", true));
	}

	@Test
	void inheritedOutputIsThatOfTheParent() {
		ChildProcess parent = this.processes.fork(StandaloneTemplate.child(TestParent.class).output(this.lines::add));
		long pid = parent.call("fork-inheriting", "echo out; echo problem >&2", Long.class);
		assertThat(pid).isNotEqualTo(parent.pid());
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.lines).contains(new ProcessOutput.Line(parent.pid(), "out", false),
					new ProcessOutput.Line(parent.pid(), "problem", true)));
	}

	@Test
	void ofDiscardedOutputTheLastLinesAreKept() {
		ChildProcess child = this.processes
			.fork(ForkOptions.program("sh", "-c", "for i in $(seq 1 200); do echo $i; done")
				.output(ProcessOutput.DISCARD));
		ProcessExit exit = child.onExit().join();
		assertThat(exit.lastLines())
			.containsExactlyElementsOf(IntStream.rangeClosed(151, 200).mapToObj(Integer::toString).toList());
		assertThat(child.lastLines()).isEqualTo(exit.lastLines());
	}

	@Test
	void halfAMegabyteIsThereBeforeTheExit() {
		ChildProcess child = this.processes.fork(shell("seq -f 'line %06.0f of a good many' 1 20000"));
		int[] count = new int[1];
		child.onExit().thenAccept((exit) -> count[0] = this.lines.size()).join();
		assertThat(count[0]).isEqualTo(20_000);
		assertThat(this.lines).extracting(ProcessOutput.Line::text)
			.startsWith("line 000001 of a good many")
			.endsWith("line 020000 of a good many")
			.isSorted();
	}

	@Test
	void theOutputOfShortLivedProcessesIsCompleteAndInOrder() {
		List<String> complete = List.of("1", "2", "3", "4", "last words");
		for (int i = 0; i < 200; i++) {
			ChildProcess child = this.processes
				.fork(ForkOptions.program("sh", "-c", "echo 1; echo 2; echo 3; echo 4; printf 'last words'; exit 9")
					.output(ProcessOutput.DISCARD));
			assertThat(child.onExit().join().lastLines()).isEqualTo(complete);
		}
	}

	@Test
	void aSlowConsumerGetsEverythingBeforeTheExit() {
		List<String> slowly = new CopyOnWriteArrayList<>();
		ChildProcess child = this.processes
			.fork(ForkOptions.program("sh", "-c", "seq 1 20").output((ProcessOutput.Line line) -> {
				Awaitility.await().pollDelay(Duration.ofMillis(40)).until(() -> true);
				slowly.add(line.text());
			}));
		child.onExit().join();
		assertThat(slowly).hasSize(20);
	}

	@Test
	void aHugeLineComesInPieces() {
		AtomicLong characters = new AtomicLong();
		AtomicLong longest = new AtomicLong();
		ChildProcess child = this.processes
			.fork(ForkOptions.program("sh", "-c", "head -c 50000000 /dev/zero | tr '\\0' x")
				.output((ProcessOutput.Line line) -> {
					characters.addAndGet(line.text().length());
					longest.accumulateAndGet(line.text().length(), Math::max);
				}));
		child.onExit().join();
		assertThat(characters).hasValue(50_000_000);
		assertThat(longest).hasValue(8 * 1024);
	}

	@Test
	void garbageOnStandardOutputDoesNoHarmToTheChannel() {
		ChildProcess child = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
		for (int i = 0; i < 20; i++) {
			child.send("print-garbage", 100_000);
			assertThat(child.call("echo", new byte[] { 1, 2 }, byte[].class)).containsExactly(1, 2);
		}
	}

	@Test
	void theLastWordsOfAJvmAreNotLost() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class).output(this.lines::add));
		child.send("print", "last words");
		child.send("print-error", "and errors");
		child.send("halt", 5);
		ProcessExit exit = child.onExit().join();
		assertThat(exit.code()).isEqualTo(5);
		assertThat(exit.lastLines()).containsExactlyInAnyOrder("last words", "and errors");
		assertThat(this.lines).containsExactlyInAnyOrder(new ProcessOutput.Line(child.pid(), "last words", false),
				new ProcessOutput.Line(child.pid(), "and errors", true));
	}

	@Test
	void aGrandchildThatHoldsThePipesDoesNotDelayTheExit() {
		ChildProcess child = this.processes.fork(shell("sleep 300 & echo $!; exit 3"));
		ProcessExit exit = child.onExit().orTimeout(10, TimeUnit.SECONDS).join();
		ProcessHandle grandchild = ProcessHandle.of(Long.parseLong(exit.lastLines().get(0))).orElseThrow();
		assertThat(exit.code()).isEqualTo(3);
		assertThat(grandchild.isAlive()).isTrue();
		grandchild.destroyForcibly();
	}

	@Test
	void aGrandchildThatPrintsOnDoesNotDelayTheExit() {
		List<String> first = new ArrayList<>();
		ChildProcess child = this.processes
			.fork(ForkOptions.program("sh", "-c", "yes & echo $!; exit 3").output((ProcessOutput.Line line) -> {
				if (!line.text().equals("y")) {
					first.add(line.text());
				}
			}));
		ProcessExit exit = child.onExit().orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(exit.code()).isEqualTo(3);
		ProcessHandle grandchild = ProcessHandle.of(Long.parseLong(first.get(0))).orElse(null);
		if (grandchild != null) {
			// otherwise the closed pipe has ended it
			grandchild.destroyForcibly();
		}
	}

	@Test
	void aConsumerThatFailsGetsTheNextLineAllTheSame() {
		List<String> seen = new CopyOnWriteArrayList<>();
		ChildProcess child = this.processes
			.fork(ForkOptions.program("sh", "-c", "echo 1; echo 2; echo 3").output((ProcessOutput.Line line) -> {
				seen.add(line.text());
				if (line.text().equals("2")) {
					throw new AssertionError("expected");
				}
				Thread.currentThread().interrupt();
			}));
		assertThat(child.onExit().join().code()).isZero();
		assertThat(seen).containsExactly("1", "2", "3");
	}

	private ForkOptions shell(String script) {
		return ForkOptions.program("sh", "-c", script).output(this.lines::add);
	}

}
