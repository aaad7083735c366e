package io.ipcboot.messaging;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every admitted call has exactly one outcome, whatever happens at the same time.
 */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class OutcomeTests {

	@Test
	void replyTimeoutCancellationAndCloseRaceForOneOutcome() throws Exception {
		Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
		int admitted = 0;
		for (int round = 0; round < 20; round++) {
			admitted += race(outcomes, round % 4);
		}
		assertThat(outcomes.values().stream().mapToLong(LongAdder::sum).sum()).as("outcomes %s", outcomes)
			.isEqualTo(admitted);
		assertThat(outcomes.keySet()).contains("reply", "timeout", "cancelled", "closed");
	}

	private static int race(Map<String, LongAdder> outcomes, int concurrency) throws Exception {
		PeerPair pair = new PeerPair(ChannelOptions.DEFAULT, 1 + concurrency).start();
		Map<Integer, AtomicInteger> starts = new ConcurrentHashMap<>();
		pair.right.listeners.add("work", (message) -> {
			Integer number = (Integer) message.payload(Integer.class);
			starts.computeIfAbsent(number, (key) -> new AtomicInteger()).incrementAndGet();
			LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
			return number;
		});
		AtomicInteger numbers = new AtomicInteger();
		AtomicInteger wrong = new AtomicInteger();
		Queue<CompletableFuture<?>> all = new ConcurrentLinkedQueue<>();
		CompletableFuture<Void> close = CompletableFuture.runAsync(() -> {
			LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
			((ThreadLocalRandom.current().nextBoolean()) ? pair.left : pair.right).peer.close();
		});
		OrderingTests.inParallel(6, (thread) -> {
			try {
				while (pair.left.peer.isConnected()) {
					int number = numbers.incrementAndGet();
					long micros = 1 + ThreadLocalRandom.current().nextInt(4000);
					CompletableFuture<Integer> call = pair.left.sender.callAsync(TestMessages.of("work", number, null,
							Map.of(), null, false, Duration.ofNanos(micros * 1000)), Integer.class);
					all.add(call.handle((reply, failure) -> {
						if (failure == null && reply != number) {
							wrong.incrementAndGet();
						}
						outcomes.computeIfAbsent(name(failure), (key) -> new LongAdder()).increment();
						return null;
					}));
					if (number % 3 == 0) {
						LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(100_000));
						call.cancel(true);
					}
				}
			}
			catch (ChannelClosedException ex) {
				// not admitted
			}
		});
		close.join();
		all.forEach(CompletableFuture::join);
		pair.close();
		assertThat(wrong).as("replies to another call").hasValue(0);
		assertThat(starts.values()).as("starts of one call").allMatch((count) -> count.get() == 1);
		return all.size();
	}

	private static String name(Throwable failure) {
		if (failure == null) {
			return "reply";
		}
		if (failure instanceof CallTimeoutException) {
			return "timeout";
		}
		if (failure instanceof CancellationException) {
			return "cancelled";
		}
		return (failure instanceof ChannelClosedException) ? "closed" : failure.toString();
	}

	@Test
	void blockingCallersGetOneOutcomeEach() throws Exception {
		for (int round = 0; round < 10; round++) {
			PeerPair pair = new PeerPair().start();
			Gate gate = new Gate();
			pair.right.listeners.add("block", (message) -> {
				gate.await();
				return null;
			});
			List<CompletableFuture<Throwable>> outcomes = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				CompletableFuture<Throwable> outcome = new CompletableFuture<>();
				outcomes.add(outcome);
				new Thread(() -> {
					try {
						outcome.complete(new AssertionError("reply " + pair.left.call("block", null, Object.class)));
					}
					catch (Throwable ex) {
						outcome.complete(ex);
					}
				}).start();
			}
			gate.awaitReached();
			pair.right.peer.close();
			for (CompletableFuture<Throwable> outcome : outcomes) {
				assertThat(outcome.join()).isInstanceOf(ChannelClosedException.class);
			}
			pair.close();
		}
	}

	@Test
	void nobodyIsToldThatLostDataWasDelivered() throws Exception {
		for (int round = 0; round < 30; round++) {
			PeerPair pair = new PeerPair().start();
			Map<Integer, Boolean> seen = new ConcurrentHashMap<>();
			Gate gate = new Gate();
			pair.right.listeners.add("event", (message) -> {
				int number = (Integer) message.payload(Integer.class);
				seen.put(number, true);
				if (number == 1000) {
					gate.awaitUninterruptibly();
				}
				return null;
			});
			List<CompletableFuture<Void>> sent = new ArrayList<>();
			for (int i = 0; i <= 2000; i++) {
				sent.add(pair.left.send("event", i));
			}
			gate.awaitReached();
			pair.left.peer.close();
			pair.left.closed.join();
			for (int i = 0; i <= 2000; i++) {
				// told on threads of their own, which may take a moment
				sent.get(i).handle((nothing, ex) -> true).get(30, TimeUnit.SECONDS);
				assertThat(!sent.get(i).isCompletedExceptionally() && !seen.containsKey(i))
					.as("delivered and not seen: %d of round %d", i, round)
					.isFalse();
			}
			assertThat(sent.get(999)).isCompleted();
			assertThat(sent.get(1000)).as("the listener has it").isCompleted();
			assertThat(sent.get(1001)).isCompletedExceptionally();
			gate.open();
			pair.close();
		}
	}

	@Test
	void aMessageThatALongListenerHasTakenIsDeliveredAtOnce() throws Exception {
		try (PeerPair pair = new PeerPair().start()) {
			Gate gate = new Gate();
			pair.right.listeners.add("quick", (message) -> null);
			pair.right.listeners.add("slow", (message) -> {
				gate.awaitUninterruptibly();
				return null;
			});
			for (int i = 0; i < 10; i++) {
				pair.left.send("quick", i);
			}
			CompletableFuture<Void> first = pair.left.send("slow", null);
			CompletableFuture<Void> second = pair.left.send("quick", null);
			assertThat(first).succeedsWithin(Duration.ofSeconds(10));
			assertThat(gate.isReached()).isTrue();
			assertThat(second).isNotDone();
			gate.open();
			assertThat(second).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test
	void whatCannotBeSentAnyMoreIsRefused() throws IOException {
		PeerPair pair = new PeerPair().start();
		pair.close();
		assertThat(pair.left.peer.isConnected()).isFalse();
		assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> pair.left.send("x", null))
			.withMessageStartingWith(pair.left.peer.id() + ": the channel is closed");
	}

}
