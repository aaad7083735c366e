package io.ipcboot.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.handle.IpcPipe;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class OrderingTests extends AbstractPeerTests {

	@Test
	void oneCallConfirmsAHundredThousandEvents() {
		List<Integer> received = new ArrayList<>();
		this.pair.right.listeners.add("event", (message) -> received.add((Integer) message.payload(Integer.class)));
		this.pair.right.listeners.add("count", (message) -> received.size());
		for (int i = 0; i < 100_000; i++) {
			this.pair.left.send("event", i);
		}
		assertThat(this.pair.left.call("count", null, int.class)).isEqualTo(100_000);
		assertThat(received).isEqualTo(IntStream.range(0, 100_000).boxed().toList());
	}

	@Test
	void callsFromSixteenThreadsGetTheirOwnReplies() throws Exception {
		this.pair.right.listeners.add("double", (message) -> 2 * (Integer) message.payload(Integer.class));
		inParallel(16, (thread) -> {
			for (int i = 0; i < 1000; i++) {
				int number = thread * 1000 + i;
				assertThat(this.pair.left.call("double", number, int.class)).isEqualTo(2 * number);
			}
		});
	}

	@Test
	void messagesEventsCallsAndHandlesOfOneThreadStartInItsOrder() throws Exception {
		Map<Integer, Queue<Integer>> received = new ConcurrentHashMap<>();
		for (String destination : List.of("message", "call", "handle")) {
			this.pair.right.listeners.add(destination, (message) -> {
				int[] number = (int[]) message.payload(int[].class);
				assertThat(message.handle() != null).isEqualTo(destination.equals("handle"));
				return received.computeIfAbsent(number[0], (key) -> new ConcurrentLinkedQueue<>()).add(number[1]);
			});
		}
		inParallel(8, (thread) -> {
			try (IpcPipe pipe = IpcPipe.open()) {
				List<CompletableFuture<?>> outcomes = new ArrayList<>();
				for (int i = 0; i < 500; i++) {
					int[] number = { thread, i };
					outcomes.add(switch (i % 4) {
						case 0 -> this.pair.left.send("message", number);
						case 1 -> this.pair.left.callAsync("call", number, boolean.class);
						case 2 -> this.pair.left.sender
							.send(TestMessages.of("handle", number, null, Map.of(), pipe.sink(), true, null));
						default -> this.pair.left.send("message", number);
					});
				}
				outcomes.forEach(CompletableFuture::join);
			}
		});
		for (int thread = 0; thread < 8; thread++) {
			assertThat(received.get(thread)).containsExactlyElementsOf(IntStream.range(0, 500).boxed().toList());
		}
	}

	@Test
	void startsAreInOrderAlsoIfListenersRunConcurrently() throws Exception {
		this.pair.close();
		// one thread, so that the order of its tasks is the order in which they were
		// given
		this.pair = new PeerPair(ChannelOptions.DEFAULT, 8, Executors.newSingleThreadExecutor(),
				JsonMapper.builder().build())
			.start();
		List<Integer> started = new ArrayList<>();
		this.pair.right.listeners.add("event", (message) -> started.add((Integer) message.payload(Integer.class)));
		this.pair.right.listeners.add("count", (message) -> started.size());
		for (int i = 0; i < 10_000; i++) {
			this.pair.left.send("event", i);
		}
		assertThat(this.pair.left.call("count", null, int.class)).isEqualTo(10_000);
		assertThat(started).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
	}

	@Test
	void aSerialListenerNeverOverlapsItself() throws Exception {
		AtomicInteger active = new AtomicInteger();
		AtomicInteger overlaps = new AtomicInteger();
		AtomicInteger calls = new AtomicInteger();
		Listener listener = (message) -> {
			if (active.incrementAndGet() > 1) {
				overlaps.incrementAndGet();
			}
			if (calls.incrementAndGet() % 500 == 0) {
				// long enough for another thread to take over reading
				LockSupport.parkNanos(5_000_000);
			}
			active.decrementAndGet();
			return null;
		};
		this.pair.right.listeners.add("first", listener);
		this.pair.right.listeners.add("second", listener);
		inParallel(8, (thread) -> {
			for (int i = 0; i < 2000; i++) {
				this.pair.left.send((i % 2 == 0) ? "first" : "second", i);
				if (i % 100 == 0) {
					this.pair.left.call("first", i, Void.class);
				}
			}
		});
		this.pair.left.call("first", null, Void.class);
		assertThat(overlaps).hasValue(0);
		assertThat(calls.get()).isEqualTo(8 * 2020 + 1);
	}

	@Test
	void aListenerRunsAsOftenAtATimeAsItWantsAndNotMore() throws Exception {
		AtomicInteger active = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		this.pair.right.listeners.add("work", new Listener() {

			@Override
			public Object onMessage(IpcMessage message) {
				most.accumulateAndGet(active.incrementAndGet(), Math::max);
				LockSupport.parkNanos(1_000_000);
				return active.getAndDecrement();
			}

			@Override
			public int concurrency() {
				return 3;
			}

		});
		List<CompletableFuture<?>> replies = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			replies.add(this.pair.left.callAsync("work", i, int.class));
		}
		replies.forEach(CompletableFuture::join);
		assertThat(most).hasValue(3);
	}

	static void inParallel(int threads, Task task) throws Exception {
		List<CompletableFuture<Void>> all = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			int number = i;
			CompletableFuture<Void> end = new CompletableFuture<>();
			all.add(end);
			new Thread(() -> {
				try {
					task.run(number);
					end.complete(null);
				}
				catch (Throwable ex) {
					end.completeExceptionally(ex);
				}
			}).start();
		}
		for (CompletableFuture<Void> end : all) {
			end.get();
		}
	}

	interface Task {

		void run(int thread) throws Exception;

	}

	@Test
	void theLatestOneWayMessageThatIsOverIsNoted() {
		CompletableFuture<Object> later = new CompletableFuture<>();
		this.pair.right.listeners.add("later", (message) -> later);
		this.pair.right.listeners.add("now", (message) -> null);
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IllegalStateException("of the test");
		});
		this.pair.left.send("later", null);
		this.pair.left.send("now", null);
		Awaitility.await().untilAtomic(this.pair.left.finishedByOther, Matchers.is(2L));
		later.complete(null);
		assertThat(this.pair.left.finishedByOther).hasValue(2);
		this.pair.left.send("fail", null);
		Awaitility.await().untilAtomic(this.pair.left.finishedByOther, Matchers.is(3L));
		assertThat(this.pair.left.startedByOther).hasValue(3);
	}

}
