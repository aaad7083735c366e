package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.ChannelClosedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A thread that makes one call after the other reads the replies itself. Nothing else may
 * be different for it, or for others.
 */
class ConsecutiveCallTests extends AbstractPeerTests {

	private final Gate gate = new Gate();

	@BeforeEach
	void listen() {
		this.pair.right.listeners.add("echo", (message) -> message.payload(Integer.class));
		this.pair.right.listeners.add("slow", (message) -> {
			this.gate.await();
			return null;
		});
	}

	@Test
	void aDeadlineHolds() {
		for (int i = 0; i < 5; i++) {
			callOften();
			assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> this.pair.left.sender
				.call(TestMessages.of("slow", null, null, Map.of(), null, false, Duration.ofMillis(5)), Void.class));
		}
		this.gate.open();
	}

	@Test
	void anInterruptIsNoticed() throws Exception {
		callOften();
		Thread caller = Thread.currentThread();
		this.pair.right.listeners.add("interrupt", (message) -> {
			caller.interrupt();
			this.gate.await();
			return null;
		});
		assertThatExceptionOfType(CallInterruptedException.class)
			.isThrownBy(() -> this.pair.left.call("interrupt", null, Void.class));
		assertThat(Thread.interrupted()).isTrue();
		this.gate.open();
		callOften();
	}

	@Test
	void theEndOfThePeerIsNoticed() {
		callOften();
		this.pair.right.listeners.add("end", (message) -> {
			this.pair.right.peer.close();
			return null;
		});
		assertThatExceptionOfType(ChannelClosedException.class)
			.isThrownBy(() -> this.pair.left.call("end", null, Void.class));
	}

	@Test
	void thePeerCanCallBackMeanwhileAndNotOnTheThreadOfTheCaller() {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		this.pair.left.listeners.add("back", (message) -> {
			thread.complete(Thread.currentThread());
			return 7;
		});
		this.pair.right.listeners.add("there", (message) -> this.pair.right.call("back", null, Integer.class));
		for (int i = 0; i < 20; i++) {
			callOften();
			assertThat(this.pair.left.call("there", null, Integer.class)).isEqualTo(7);
			assertThat(thread.join()).isNotEqualTo(Thread.currentThread());
		}
	}

	@Test
	void codeThatIsAttachedToOtherOutcomesDoesNotRunOnTheThreadOfTheCaller() {
		for (int i = 0; i < 200; i++) {
			callOften();
			CompletableFuture<Thread> thread = this.pair.left.<Integer>callAsync("echo", i, Integer.class)
				.thenApplyAsync((reply) -> Thread.currentThread(), Runnable::run);
			boolean attachedInTime = !thread.isDone();
			this.pair.left.call("echo", i, Integer.class);
			if (attachedInTime) {
				assertThat(thread.join()).isNotEqualTo(Thread.currentThread());
			}
		}
	}

	@Test
	void whatThePeerSendsUnaskedIsReceivedAfterwards() {
		for (int i = 0; i < 100; i++) {
			CompletableFuture<Integer> received = new CompletableFuture<>();
			Listener listener = (message) -> received.complete((Integer) message.payload(Integer.class));
			this.pair.left.listeners.add("unasked", listener);
			callOften();
			this.pair.right.send("unasked", i);
			assertThat(received.join()).isEqualTo(i);
			this.pair.left.listeners.remove("unasked", listener);
		}
	}

	@Test
	void manyThreadsThatCallAndSendInEveryWayGetTheirOwnReplies() throws Exception {
		AtomicInteger received = new AtomicInteger();
		this.pair.right.listeners.add("count", (message) -> received.incrementAndGet());
		this.pair.left.listeners.add("echo", (message) -> message.payload(Integer.class));
		ExecutorService threads = Executors.newCachedThreadPool();
		try {
			List<Future<?>> results = new ArrayList<>();
			for (PeerPair.Side side : List.of(this.pair.left, this.pair.left, this.pair.left, this.pair.right)) {
				results.add(threads.submit(() -> {
					for (int i = 0; i < 3000; i++) {
						assertThat(side.call("echo", i, Integer.class)).isEqualTo(i);
					}
				}));
			}
			results.add(threads.submit(() -> {
				for (int i = 0; i < 3000; i++) {
					assertThat(this.pair.left.callAsync("echo", i, Integer.class).join()).isEqualTo(i);
					this.pair.left.send("count", i).join();
				}
			}));
			for (Future<?> result : results) {
				result.get();
			}
			assertThat(received).hasValue(3000);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private void callOften() {
		for (int i = 0; i < 50; i++) {
			assertThat(this.pair.left.call("echo", i, Integer.class)).isEqualTo(i);
		}
	}

}
