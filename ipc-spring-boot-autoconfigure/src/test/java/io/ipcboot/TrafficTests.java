package io.ipcboot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Much between a parent and a child.
 */
@ProcessTest
class TrafficTests {

	/** A message has at most 16 MB with its headers, and a call within a call has one. */
	private static final int LARGEST = 16 * 1024 * 1024 - 1024;

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aThousandCallsFromSixteenThreadsGetTheirOwnReplies() throws Exception {
		ChildProcess child = fork();
		ExecutorService threads = Executors.newFixedThreadPool(16);
		try {
			List<Future<?>> callers = new ArrayList<>();
			for (int t = 0; t < 16; t++) {
				int first = t * 63;
				callers.add(threads.submit(() -> {
					for (int i = first; i < first + 63; i++) {
						assertThat(child.call("sum", List.of(i, i), Integer.class)).isEqualTo(2 * i);
					}
				}));
			}
			for (Future<?> caller : callers) {
				caller.get();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void oneCallConfirmsTheOrderOfAHundredThousandEvents() {
		ChildProcess child = fork();
		for (int i = 0; i < 100_000; i++) {
			child.emit("event", i, "x");
		}
		List<?> events = child.call("events", null, List.class);
		assertThat(events).hasSize(100_000);
		for (int i = 0; i < 100_000; i++) {
			assertThat((String) events.get(i)).startsWith(i + " x");
		}
	}

	@Test
	void payloadsOfEverySizeCrossBothWaysAtOnce() {
		ChildProcess child = fork();
		child.answer("echo", byte[].class, (bytes) -> bytes);
		Random random = new Random(4711);
		for (int size : new int[] { 0, 1, 1000, 65_536, 1_000_000, LARGEST }) {
			byte[] bytes = new byte[size];
			random.nextBytes(bytes);
			List<CompletableFuture<byte[]>> replies = new ArrayList<>();
			List<CompletableFuture<Boolean>> answers = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				replies.add(child.callAsync("echo", bytes, byte[].class));
				answers.add(child.callAsync("echo-of-parent", size, Boolean.class));
			}
			for (int i = 0; i < 2; i++) {
				assertThat(replies.get(i)).succeedsWithin(Duration.ofSeconds(30))
					.matches((reply) -> Arrays.equals(reply, bytes), "what was sent");
				assertThat(answers.get(i)).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
			}
		}
	}

	private ChildProcess fork() {
		return this.processes.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
	}

}
