package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.RawEnd;
import io.ipcboot.channel.WireFrame;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DeadlineTests extends AbstractPeerTests {

	@Test
	void aCallWithoutReplyTimesOut() {
		Gate gate = new Gate();
		this.pair.right.listeners.add("slow", (message) -> {
			gate.await();
			return null;
		});
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> call("slow", 50))
			.withMessage(this.pair.left.peer.id() + ": no reply from 'slow' within 50 ms");
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> callAsync("slow", 50).join())
			.withCauseInstanceOf(CallTimeoutException.class);
		gate.open();
	}

	/**
	 * The listener stops because it is told so, and then there is room for another call.
	 */
	@Test
	void whatIsAttachedToATimeoutMayCallAgain() {
		Gate never = new Gate();
		this.pair.right.listeners.add("slow", (message) -> {
			never.await();
			return null;
		});
		this.pair.right.listeners.add("fast", (message) -> "answer");
		assertThat(callAsync("slow", 50).handle((reply, ex) -> call("fast", 10_000)).join()).isEqualTo("answer");
		CompletableFuture<Object> cancelled = callAsync("slow", 60_000);
		CompletableFuture<Object> fallback = cancelled.handle((reply, ex) -> call("fast", 10_000));
		cancelled.cancel(true);
		assertThat(fallback.join()).isEqualTo("answer");
	}

	@Test
	void aLateReplyIsCountedAndDroppedAndTheNextCallGetsItsOwn() throws Exception {
		Gate gate = new Gate();
		AtomicInteger calls = new AtomicInteger();
		this.pair.right.listeners.add("count", (message) -> {
			if (calls.incrementAndGet() == 1) {
				gate.awaitUninterruptibly();
			}
			return calls.get();
		});
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> call("count", 50));
		gate.open();
		for (int i = 2; i < 100; i++) {
			assertThat(call("count", 10_000)).isEqualTo(i);
		}
		assertThat(this.pair.left.peer.statistics().lateReplies()).isEqualTo(1);
	}

	@Test
	void everyCallHasItsOwnDeadlineWhateverBecomesOfTheOthers() throws Exception {
		Gate gate = new Gate();
		this.pair.right.listeners.add("slow", CancellationTests.concurrent((message) -> {
			gate.await();
			return null;
		}));
		ExchangeSender sender = new ExchangeSender(new PayloadConverter(JsonMapper.builder().build(), 1024), 1024,
				Duration.ofMillis(300), this.pair.left.peer::transmit);
		for (int round = 0; round < 2; round++) {
			List<CompletableFuture<Object>> calls = new ArrayList<>();
			for (int i = 0; i < 30; i++) {
				calls.add(sender.callAsync(TestMessages.of("slow", null), Object.class));
			}
			// the first, the last, and some in between
			for (int i : new int[] { 0, 7, 8, 29 }) {
				calls.get(i).cancel(true);
			}
			for (int i : new int[] { 1, 6, 9, 15, 28 }) {
				assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> calls.get(i).join())
					.withCauseInstanceOf(CallTimeoutException.class);
			}
			assertThat(calls).allMatch((call) -> call.handle((reply, ex) -> ex != null).join());
			assertThat(calls).filteredOn(CompletableFuture::isCancelled).hasSize(4);
		}
		gate.open();
	}

	@Test
	void timeInTheReceiversQueueCounts() throws Exception {
		Gate gate = new Gate();
		AtomicInteger started = new AtomicInteger();
		this.pair.right.listeners.add("block", (message) -> {
			gate.awaitUninterruptibly();
			return null;
		});
		this.pair.right.listeners.add("count", (message) -> started.incrementAndGet());
		this.pair.left.send("block", null);
		gate.awaitReached();
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> call("count", 50));
		long failed = System.nanoTime();
		// the receiver counts from the arrival
		Awaitility.await().until(() -> System.nanoTime() - failed > Duration.ofMillis(100).toNanos());
		CompletableFuture<Object> inTime = callAsync("count", 20_000);
		// the receiver's clock started when the call arrived, a little later
		Awaitility.await().pollDelay(Duration.ofMillis(100)).until(() -> true);
		gate.open();
		assertThat(inTime.join()).isEqualTo(1);
	}

	@Test
	void timeInTheReceiversQueueCountsAlsoForAOneWayMessage() throws Exception {
		Gate gate = new Gate();
		AtomicInteger started = new AtomicInteger();
		this.pair.right.listeners.add("block", (message) -> {
			gate.awaitUninterruptibly();
			return null;
		});
		this.pair.right.listeners.add("count", (message) -> started.incrementAndGet());
		this.pair.left.send("block", null);
		gate.awaitReached();
		CompletableFuture<Void> late = this.pair.left.sender
			.send(TestMessages.of("count", null, null, Map.of(), null, false, Duration.ofMillis(50)));
		assertThat(late).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(CallTimeoutException.class);
		long failed = System.nanoTime();
		// the receiver counts from the arrival
		Awaitility.await().until(() -> System.nanoTime() - failed > Duration.ofMillis(100).toNanos());
		gate.open();
		assertThat(call("count", 10_000)).isEqualTo(1);
	}

	@Test
	void timeSpentWaitingForAPermitCounts() throws Exception {
		this.pair.close();
		this.pair = new PeerPair(ChannelOptions.DEFAULT, 2).start();
		Gate gate = new Gate();
		AtomicInteger started = new AtomicInteger();
		this.pair.right.listeners.add("work", (message) -> {
			if (started.incrementAndGet() <= 2) {
				gate.awaitUninterruptibly();
			}
			return null;
		});
		CompletableFuture<Object> first = callAsync("work", 0);
		CompletableFuture<Object> second = callAsync("work", 0);
		Awaitility.await().untilAtomic(started, Matchers.is(2));
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> call("work", 50));
		gate.open();
		CompletableFuture.allOf(first, second).join();
		call("work", 10_000);
		assertThat(started).hasValue(3);
	}

	@Test
	void timeInTheExecutorsQueueCounts() throws Exception {
		this.pair.close();
		this.pair = new PeerPair(ChannelOptions.DEFAULT, 10, Executors.newSingleThreadExecutor(),
				JsonMapper.builder().build())
			.start();
		Gate gate = new Gate();
		AtomicInteger started = new AtomicInteger();
		this.pair.right.listeners.add("work", (message) -> {
			if (started.incrementAndGet() == 1) {
				gate.awaitUninterruptibly();
			}
			return null;
		});
		CompletableFuture<Object> first = callAsync("work", 0);
		gate.awaitReached();
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> call("work", 50));
		gate.open();
		first.join();
		call("work", 10_000);
		assertThat(started).hasValue(2);
	}

	@Test
	void timeInTheSendersQueueCounts() throws Exception {
		try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
			CompletableFuture<Void> large = peer.send("large", new byte[8 * 1024 * 1024], Duration.ZERO);
			long sent = System.nanoTime();
			CompletableFuture<Object> call = peer.callAsync("call", null, Duration.ofSeconds(20));
			CompletableFuture<Object> expired = peer.callAsync("call", null, Duration.ofMillis(100));
			assertThat(expired).failsWithin(Duration.ofSeconds(10));
			raw.next(FrameType.MESSAGE);
			long waited = System.nanoTime() - sent;
			raw.write(WireFrame.of(FrameType.STARTED).id(1).bytes());
			Frame frame = raw.next(FrameType.CALL);
			assertThat(frame.id()).isEqualTo(2);
			assertThat(frame.remaining()).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(20).toNanos() - waited);
			raw.write(WireFrame.of(FrameType.REPLY).content(0).id(2).bytes());
			call.join();
			large.join();
			peer.send("last", null, Duration.ZERO);
			assertThat(raw.next(FrameType.MESSAGE).destination()).isEqualTo("last");
		}
	}

	@Test
	void noTimeLimitIsPossibleAndSoIsAVeryLongOne() {
		this.pair.right.listeners.add("echo", (message) -> message.payload(String.class));
		for (Duration timeout : new Duration[] { Duration.ZERO, Duration.ofDays(365_000),
				Duration.ofNanos(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE) }) {
			OutgoingMessage message = TestMessages.of("echo", "x", null, Map.of(), null, false, timeout);
			assertThat(this.pair.left.sender.call(message, String.class).body()).isEqualTo("x");
			assertThat(this.pair.left.sender.callAsync(message, String.class).join()).isEqualTo("x");
		}
	}

	@Test
	void aVeryLongTimeLimitIsNotOverOnARouteThatWaitsLonger() {
		Route patient = new Route() {

			@Override
			public void transmit(Exchange exchange) {
			}

			@Override
			public Duration patience() {
				return Duration.ofSeconds(1);
			}

		};
		long year = Duration.ofDays(365).toNanos();
		assertThat(ScriptedExchange.callWithin(Duration.ofSeconds(Long.MAX_VALUE), patient).exchange().patience())
			.isGreaterThan(200 * year);
		assertThat(ScriptedExchange.callWithin(Duration.ofHours(1), patient).exchange().patience())
			.isGreaterThan(Duration.ofHours(1).toNanos())
			.isLessThanOrEqualTo(Duration.ofHours(1).plusSeconds(1).toNanos());
	}

	private @Nullable Object call(String destination, long millis) {
		return this.pair.left.sender.call(message(destination, millis), Object.class).body();
	}

	private CompletableFuture<Object> callAsync(String destination, long millis) {
		return this.pair.left.sender.callAsync(message(destination, millis), Object.class);
	}

	private static OutgoingMessage message(String destination, long millis) {
		return TestMessages.of(destination, null, null, Map.of(), null, false, Duration.ofMillis(millis));
	}

}
