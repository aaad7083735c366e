package io.ipcboot.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners return more futures than may be incomplete at a time.
 */
class OpenFutureTests extends AbstractPeerTests {

	/** One more than there are permits. */
	private static final int MANY = 10_001;

	private static final Duration PATIENCE = Duration.ofSeconds(50);

	private final Queue<CompletableFuture<String>> futures = new ConcurrentLinkedQueue<>();

	@BeforeEach
	void listen() {
		this.pair.right.listeners.add("later", (message) -> {
			CompletableFuture<String> future = new CompletableFuture<>();
			this.futures.add(future);
			return future;
		});
		this.pair.right.listeners.add("now", (message) -> "done");
	}

	@Test
	@Tag("long")
	void messagesWhoseFuturesNeverCompleteHoldUpNothingForEver() {
		send(MANY);
		assertThat(now()).succeedsWithin(PATIENCE).isEqualTo("done");
		assertThat(this.futures).hasSize(MANY);
		// they complete after all, which gives back no permit twice
		this.futures.forEach((future) -> future.complete("late"));
		send(MANY);
		assertThat(now()).succeedsWithin(PATIENCE).isEqualTo("done");
		assertThat(this.futures).hasSize(2 * MANY);
	}

	@Test
	void aPeerDoesNotWaitForThemWhenItLeaves() {
		send(MANY);
		assertThat(now()).succeedsWithin(PATIENCE);
		CompletableFuture<Void> drained = this.pair.right.peer.drain();
		assertThat(drained).isNotDone();
		// the one that came when the others had been given up
		this.futures.stream().skip(MANY - 1).forEach((future) -> future.complete("late"));
		assertThat(drained).succeedsWithin(PATIENCE);
	}

	@Test
	void callsThatHaveAllPermitsFailWhatComesAfterThem() {
		List<CompletableFuture<Object>> calls = IntStream.range(0, MANY - 1).mapToObj((i) -> later()).toList();
		CompletableFuture<Object> refused = later();
		assertThat(refused).failsWithin(PATIENCE)
			.withThrowableThat()
			.withMessageContaining("10,000 calls wait for futures, and none of them completes");
		assertThat(now()).succeedsWithin(PATIENCE).isEqualTo("done");
		assertThat(calls).noneMatch(CompletableFuture::isDone);
		this.futures.remove().complete("first");
		assertThat(calls.get(0)).succeedsWithin(PATIENCE).isEqualTo("first");
		CompletableFuture<Object> taken = later();
		Awaitility.await().atMost(PATIENCE).until(() -> this.futures.size() == MANY);
		this.futures.forEach((future) -> future.complete("last"));
		assertThat(taken).succeedsWithin(PATIENCE).isEqualTo("last");
	}

	private void send(int count) {
		for (int i = 0; i < count; i++) {
			this.pair.left.send("later", null);
		}
	}

	/** Make a call that waits for as long as it takes. */
	private CompletableFuture<Object> later() {
		return call("later");
	}

	private CompletableFuture<Object> now() {
		return call("now");
	}

	private CompletableFuture<Object> call(String destination) {
		return this.pair.left.sender
			.callAsync(TestMessages.of(destination, null, null, Map.of(), null, false, Duration.ZERO), Object.class);
	}

}
