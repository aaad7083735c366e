package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A peer that leaves hands back at once what it has not started, whatever its listeners
 * are doing.
 */
class DrainTests extends AbstractPeerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Gate gate = new Gate();

	@Test
	void whatWaitsBehindABusyListenerIsHandedBackWhileTheListenerRuns() throws Exception {
		hold(this.pair);
		CompletableFuture<Object> running = this.pair.left.callAsync("hold", null, Object.class);
		this.gate.awaitReached();
		List<CompletableFuture<?>> behind = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			behind.add(this.pair.left.send("note", i));
			behind.add(this.pair.left.callAsync("note", i, Object.class));
		}
		CompletableFuture<Void> drained = drain(this.pair);
		assertHandedBack(behind);
		assertThat(drained).isNotDone();
		this.gate.open();
		assertThat(drained).succeedsWithin(PATIENCE);
		assertThat(running).succeedsWithin(PATIENCE);
	}

	@Test
	void whatArrivesLaterIsHandedBackWhileTheListenerRuns() throws Exception {
		hold(this.pair);
		this.pair.left.send("hold", null);
		this.gate.awaitReached();
		CompletableFuture<Void> drained = drain(this.pair);
		assertHandedBack(List.of(this.pair.left.send("note", 1), this.pair.left.callAsync("note", 2, Object.class)));
		assertThat(drained).isNotDone();
		this.gate.open();
		assertThat(drained).succeedsWithin(PATIENCE);
	}

	@Test
	void whatWaitsForOneOfSeveralListenersIsHandedBackWhileTheyRun() throws Exception {
		try (PeerPair several = new PeerPair(ChannelOptions.DEFAULT, 2).start()) {
			CountDownLatch running = new CountDownLatch(2);
			several.right.listeners.add("hold", (message) -> {
				running.countDown();
				this.gate.awaitUninterruptibly();
				return null;
			});
			several.left.send("hold", null);
			several.left.send("hold", null);
			running.await();
			// the dispatching thread has taken the first of these
			List<CompletableFuture<?>> behind = List.of(several.left.send("hold", null),
					several.left.send("hold", null));
			CompletableFuture<Void> drained = drain(several);
			assertHandedBack(behind);
			assertThat(drained).isNotDone();
			this.gate.open();
			assertThat(drained).succeedsWithin(PATIENCE);
		}
	}

	@Test
	void theSenderKnowsWhatIsLeftBehind() throws Exception {
		hold(this.pair);
		List<Exchange> started = new ArrayList<>();
		ExchangeSender sender = new ExchangeSender(this.pair.converter(), 1024, Duration.ZERO, (exchange) -> {
			started.add(exchange);
			this.pair.left.peer.transmit(exchange);
		});
		sender.callAsync(TestMessages.of("hold", null), Object.class);
		this.gate.awaitReached();
		drain(this.pair);
		Awaitility.await().atMost(PATIENCE).until(() -> started.get(0).isStarted());
		this.gate.open();
	}

	private void hold(PeerPair held) {
		held.right.listeners.add("hold", (message) -> {
			this.gate.awaitUninterruptibly();
			return null;
		});
		held.right.listeners.add("note", (message) -> null);
	}

	private static void assertHandedBack(List<CompletableFuture<?>> messages) {
		for (CompletableFuture<?> message : messages) {
			assertThat(message).failsWithin(PATIENCE)
				.withThrowableThat()
				.withCauseInstanceOf(ChannelClosedException.class)
				.withMessageContaining("the process is leaving");
		}
	}

	/** As a worker does, which first says so. */
	private static CompletableFuture<Void> drain(PeerPair pair) {
		pair.right.peer.control(Frame.control(FrameType.DRAIN, 0, Map.of()));
		return pair.right.peer.drain();
	}

}
