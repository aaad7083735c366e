package io.ipcboot.messaging;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.OpenDescriptors;
import io.ipcboot.channel.RandomFrames;
import io.ipcboot.channel.RawEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Whatever frames a peer sends, everything that it is sent has an outcome in the end, its
 * messages hold up nobody, and nothing stays open.
 */
@Timeout(value = 240, threadMode = ThreadMode.SEPARATE_THREAD)
class RandomFramesTests {

	private static final List<String> DESTINATIONS = List.of("text", "later", "many", "fails", "calls", "nobody");

	private static final int ROUNDS = Integer.getInteger("tests.rounds", 300);

	private static final int FRAMES = 300;

	private final long seed = Long.getLong("tests.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	@Test
	void everythingHasAnOutcome() throws Exception {
		OpenDescriptors descriptors = OpenDescriptors.now();
		for (int round = 0; round < ROUNDS; round++) {
			List<CompletableFuture<?>> outcomes;
			try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
				listen(peer);
				outcomes = send(peer);
				write(raw, new RandomFrames(this.random.nextLong(), DESTINATIONS));
			}
			try {
				CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
					.handle((nothing, ex) -> ex)
					.get(20, TimeUnit.SECONDS);
			}
			catch (TimeoutException ex) {
				throw new AssertionError(
						"no outcome in round %d of seed %d, which -Dtests.seed repeats".formatted(round, this.seed));
			}
		}
		descriptors.awaitNoMore();
	}

	private void listen(PeerAtRawEnd peer) {
		peer.listeners.add("text", (message) -> message.payload(String.class));
		peer.listeners.add("later", (message) -> {
			CompletableFuture<String> reply = new CompletableFuture<>();
			if (this.random.nextBoolean()) {
				Background.schedule(() -> reply.complete("late"), Duration.ofMillis(1));
			}
			return reply;
		});
		peer.listeners.add("many", CancellationTests.concurrent((message) -> message.payload(List.class)));
		peer.listeners.add("fails", (message) -> {
			throw new IllegalStateException("as it should");
		});
		peer.listeners.add("calls", (message) -> peer.callAsync("anything", "x", Duration.ofMillis(5)));
	}

	private List<CompletableFuture<?>> send(PeerAtRawEnd peer) {
		List<CompletableFuture<?>> outcomes = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			outcomes.add(peer.send("message", "x".repeat(this.random.nextInt(1000)), Duration.ZERO));
			Duration time = this.random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(1);
			CompletableFuture<?> call = peer.callAsync("call", "y", time);
			outcomes.add(call);
			if (this.random.nextInt(4) == 0) {
				call.cancel(true);
			}
		}
		return outcomes;
	}

	private static void write(RawEnd raw, RandomFrames frames) {
		try {
			for (int i = 0; i < FRAMES; i++) {
				raw.write(frames.nextBytes());
			}
		}
		catch (IOException ex) {
			// it has had enough
		}
	}

}
