package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.ipcboot.channel.BacklogFullException;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.RawEnd;
import io.ipcboot.channel.StartLedger;
import io.ipcboot.channel.WireFrame;
import io.ipcboot.handle.IpcPipe;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A peer that does not read, or whose listeners are slow.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class BackpressureTests {

	private static final ChannelOptions FAIL_FAST = options(Duration.ZERO);

	private final RawEnd raw;

	private PeerAtRawEnd peer;

	BackpressureTests() throws Exception {
		this.raw = new RawEnd();
	}

	@AfterEach
	void close() throws Exception {
		if (this.peer != null) {
			this.peer.close();
		}
		this.raw.close();
	}

	private static ChannelOptions options(Duration sendTimeout) {
		return new ChannelOptions(16 * 1024 * 1024, 1024 * 1024, sendTimeout);
	}

	static int sendUntilFull(Runnable send) {
		for (int sent = 0;; sent++) {
			try {
				send.run();
			}
			catch (BacklogFullException ex) {
				return sent;
			}
			assertThat(sent).isLessThan(1_000_000);
		}
	}

	@Test
	void withoutALedgerNobodySaysThatAMessageWasDelivered() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		CompletableFuture<Void> reported = this.peer.send("x", 1, Duration.ZERO);
		CompletableFuture<Void> written = this.peer.send("x", 2, Duration.ZERO);
		this.raw.next(FrameType.MESSAGE);
		this.raw.write(WireFrame.of(FrameType.STARTED).id(1).bytes());
		assertThat(reported).succeedsWithin(Duration.ofSeconds(10));
		this.raw.next(FrameType.MESSAGE);
		this.peer.lastStarted.set(StartLedger.UNKNOWN);
		this.raw.close();
		assertThat(written).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withMessageContaining("gone, and may have started it");
	}

	@Test
	void aSenderThatDoesNotWantToWaitIsRefused() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		assertThat(this.peer.peer.channel().isWritable()).isTrue();
		byte[] kilobyte = new byte[1000];
		AtomicInteger sent = new AtomicInteger();
		// the backlog shrinks until the kernel's buffer is full too
		Awaitility.await().pollInSameThread().untilAsserted(() -> {
			int more = sendUntilFull(() -> this.peer.send("x", kilobyte, Duration.ZERO));
			sent.addAndGet(more);
			assertThat(more).isZero();
		});
		assertThat(sent).hasValueBetween(1000, 4000);
		assertThatExceptionOfType(BacklogFullException.class)
			.isThrownBy(() -> this.peer.send("x", kilobyte, Duration.ZERO))
			.withMessageMatching("worker raw/7 \\(pid 4711\\): 1,04[89],\\d{3} bytes are waiting to be sent "
					+ "because the peer does not keep up");
	}

	@Test
	void aSenderWaitsAsLongAsItWantsTo() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, options(Duration.ofMillis(300)));
		byte[] kilobyte = new byte[1000];
		long[] longest = new long[1];
		int sent = sendUntilFull(() -> {
			long before = System.nanoTime();
			try {
				this.peer.send("x", kilobyte, Duration.ZERO);
			}
			finally {
				longest[0] = System.nanoTime() - before;
			}
		});
		assertThat(sent).isBetween(1000, 4000);
		assertThat(Duration.ofNanos(longest[0])).isGreaterThanOrEqualTo(Duration.ofMillis(300));
	}

	@Test
	void aSenderThatWaitsGoesOnWhenThePeerReads() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, options(Duration.ofSeconds(30)));
		AtomicInteger sent = new AtomicInteger();
		CompletableFuture<Void> sender = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 10_000; i++) {
				this.peer.send("x", new byte[1000], Duration.ZERO);
				sent.incrementAndGet();
			}
		});
		Awaitility.await().until(() -> !this.peer.peer.channel().isWritable());
		Awaitility.await().during(Duration.ofMillis(200)).until(() -> sent.get() < 4000);
		for (int i = 1; i <= 10_000; i++) {
			Frame frame = this.raw.next(FrameType.MESSAGE);
			assertThat(frame.id()).isEqualTo(i);
			if (i % 500 == 0) {
				this.raw.write(WireFrame.of(FrameType.STARTED).id(i).bytes());
			}
		}
		sender.join();
		assertThat(this.peer.peer.channel().isWritable()).isTrue();
	}

	@Test
	void aDeadlineEndsTheWaitWhateverIsQueued() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, options(Duration.ofSeconds(30)));
		for (int i = 0; i < 3; i++) {
			// none of these waits: the backlog is not full before the last one
			this.peer.send("x", new byte[i == 0 ? 2 * 1024 * 1024 : 1024 * 1024 - 100], Duration.ZERO);
		}
		assertThat(this.peer.peer.channel().isWritable()).isFalse();
		for (int i = 0; i < 3; i++) {
			long before = System.nanoTime();
			assertThatExceptionOfType(CallTimeoutException.class)
				.isThrownBy(() -> this.peer.call("x", null, Duration.ofMillis(200)));
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
			CompletableFuture<Object> call = this.peer.callAsync("x", null, Duration.ofMillis(200));
			assertThat(call).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withCauseInstanceOf(CallTimeoutException.class);
		}
	}

	@Test
	void callersAreNeverHeldUpByTheKernel() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, options(Duration.ofSeconds(30)));
		for (int size : new int[] { 10, 1000, 30_000, 60_000, 300_000 }) {
			List<CompletableFuture<Object>> calls = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				// longer than a caller would be held up if it wrote what does not fit
				calls.add(this.peer.callAsync("x", new byte[size], Duration.ofMillis(100)));
			}
			for (CompletableFuture<Object> call : calls) {
				assertThat(call).failsWithin(Duration.ofSeconds(10));
			}
		}
	}

	@Test
	void callsThatTimedOutMakeRoomForOthers() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		this.peer.send("x", new byte[4 * 1024 * 1024], Duration.ZERO);
		for (int round = 0; round < 20; round++) {
			List<CompletableFuture<Object>> calls = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				calls.add(this.peer.callAsync("x", new byte[200_000], Duration.ofMillis(20)));
			}
			calls.forEach((call) -> assertThat(call).failsWithin(Duration.ofSeconds(10)));
		}
		assertThat(this.peer.peer.channel().isWritable()).isTrue();
	}

	@Test
	void whatIsQueuedWhenTheChannelEndsIsNotDelivered() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		sendUntilFull(() -> sent.add(this.peer.send("x", new byte[1000], Duration.ZERO)));
		this.raw.next(FrameType.MESSAGE);
		this.raw.write(WireFrame.of(FrameType.STARTED).id(10).bytes());
		assertThat(sent.get(9)).succeedsWithin(Duration.ofSeconds(10));
		this.peer.lastStarted.set(20);
		this.raw.close();
		this.peer.closed.join();
		for (int i = 0; i < sent.size(); i++) {
			if (i < 20) {
				assertThat(sent.get(i)).as("message %d", i).isCompleted();
			}
			else {
				assertThat(sent.get(i)).as("message %d", i)
					.failsWithin(Duration.ofSeconds(10))
					.withThrowableThat()
					.withMessageContaining("gone before it started it");
			}
		}
	}

	@Test
	void sendersThatWaitWhenTheChannelEndsAreRefused() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, options(Duration.ofSeconds(30)));
		CompletableFuture<Throwable> outcome = new CompletableFuture<>();
		Thread sender = new Thread(() -> {
			try {
				while (true) {
					this.peer.send("x", new byte[1000], Duration.ZERO);
				}
			}
			catch (Throwable ex) {
				outcome.complete(ex);
			}
		});
		sender.start();
		Awaitility.await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		this.raw.close();
		assertThat(outcome.join()).isInstanceOf(ChannelClosedException.class);
	}

	@Test
	void aSenderThatWaitsCanBeInterrupted() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, options(Duration.ofSeconds(30)));
		CompletableFuture<Throwable> outcome = new CompletableFuture<>();
		AtomicInteger interrupted = new AtomicInteger();
		Thread sender = new Thread(() -> {
			try {
				while (true) {
					this.peer.send("x", new byte[1000], Duration.ZERO);
				}
			}
			catch (Throwable ex) {
				interrupted.set(Thread.currentThread().isInterrupted() ? 1 : 0);
				outcome.complete(ex);
			}
		});
		sender.start();
		Awaitility.await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		sender.interrupt();
		assertThat(outcome.join()).isInstanceOf(CallInterruptedException.class);
		assertThat(interrupted).hasValue(1);
		assertThat(this.peer.peer.isConnected()).isTrue();
	}

	@Test
	void answersOvertakeMessagesThatHaveToWait() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		this.peer.listeners.add("ping", (message) -> "pong");
		sendUntilFull(() -> this.peer.send("x", new byte[1000], Duration.ZERO));
		this.raw.write(WireFrame.name(1, "ping").bytes(), WireFrame.of(FrameType.CALL).id(1).destination(1).bytes());
		assertThat(new String(this.raw.next(FrameType.REPLY).payload())).isEqualTo("pong");
	}

	@Test
	void answersThatNobodyReadsDoNotPileUp() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		AtomicInteger started = new AtomicInteger();
		this.peer.listeners.add("large", (message) -> {
			started.incrementAndGet();
			return new byte[1024 * 1024];
		});
		this.raw.write(WireFrame.name(1, "large").bytes());
		for (int id = 1; id <= 1000; id++) {
			this.raw.write(WireFrame.of(FrameType.CALL).id(id).destination(1).bytes());
		}
		Awaitility.await().untilAtomic(started, Matchers.greaterThan(0));
		Awaitility.await().during(Duration.ofMillis(300)).until(() -> started.get() <= 4);
		for (int id = 1; id <= 1000; id++) {
			assertThat(this.raw.next(FrameType.REPLY).id()).isEqualTo(id);
			this.raw.acknowledge();
		}
	}

	@Test
	void refusalsThatNobodyReadsDoNotPileUp() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		AtomicInteger started = new AtomicInteger();
		this.peer.listeners.add("known", (message) -> started.incrementAndGet());
		// a refusal repeats the name, so each is larger than what it answers
		this.raw.write(WireFrame.name(1, "n".repeat(1000)).bytes(), WireFrame.name(2, "known").bytes());
		int count = 20_000;
		for (int id = 1; id <= count; id++) {
			this.raw.write(WireFrame.of(FrameType.CALL).id(id).destination(1).bytes());
		}
		this.raw.write(WireFrame.of(FrameType.MESSAGE).id(count + 1).destination(2).bytes());
		Awaitility.await().during(Duration.ofSeconds(1)).until(() -> started.get() == 0);
		for (int id = 1; id <= count; id++) {
			assertThat(this.raw.next(FrameType.FAILURE).id()).isEqualTo(id);
			this.raw.acknowledge();
		}
		Awaitility.await().untilAtomic(started, Matchers.is(1));
	}

	@Test
	void theEndFreesAListenerWhoseAnswersNobodyReads() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, FAIL_FAST);
		this.peer.listeners.add("large", (message) -> new byte[1024 * 1024]);
		this.raw.write(WireFrame.name(1, "large").bytes());
		for (int id = 1; id <= 20; id++) {
			this.raw.write(WireFrame.of(FrameType.CALL).id(id).destination(1).bytes());
		}
		this.raw.next(FrameType.REPLY);
		this.peer.close();
		Awaitility.await().until(() -> PeerLifecycleTests.threads("ipc-raw-7-").isEmpty());
	}

	@Test
	void aFloodToASlowListenerTakesBoundedMemory() throws Exception {
		try (PeerPair pair = new PeerPair().start()) {
			AtomicLong sent = new AtomicLong();
			AtomicLong seen = new AtomicLong();
			AtomicLong most = new AtomicLong();
			pair.right.listeners.add("event", (message) -> {
				long ahead = sent.get() - seen.incrementAndGet();
				most.accumulateAndGet(ahead, Math::max);
				if (seen.get() % 100 == 0) {
					LockSupport.parkNanos(1_000_000);
				}
				return null;
			});
			byte[] payload = new byte[2000];
			for (int i = 0; i < 50_000; i++) {
				pair.left.send("event", payload);
				sent.incrementAndGet();
			}
			Awaitility.await().untilAtomic(seen, Matchers.is(50_000L));
			// the window, the backlog and the kernel's buffer, of 100 MB that were sent
			assertThat(most.get() * 2000).isLessThan(4 * 1024 * 1024);
		}
	}

	@Test
	@Tag("alone")
	void fourTimesAsManyQueuedMessagesTakeAboutFourTimesAsLong() throws Exception {
		// also warms up
		long few = Math.min(Math.min(cancelQueued(4000), cancelQueued(4000)), cancelQueued(4000));
		long many = Math.min(cancelQueued(16_000), cancelQueued(16_000));
		assertThat(many).as("%d us for 4,000 and %d us for 16,000", few / 1000, many / 1000)
			.isLessThan(few * 12 + Duration.ofMillis(50).toNanos());
	}

	/** Cancel from the last to the first, the worst order for a queue. */
	private static long cancelQueued(int number) throws Exception {
		try (RawEnd raw = new RawEnd();
				PeerAtRawEnd peer = new PeerAtRawEnd(raw,
						new ChannelOptions(16 * 1024 * 1024, 16 * 1024 * 1024, Duration.ZERO))) {
			peer.send("x", new byte[4 * 1024 * 1024], Duration.ZERO);
			List<CompletableFuture<Object>> calls = new ArrayList<>();
			long before = System.nanoTime();
			for (int i = 0; i < number; i++) {
				calls.add(peer.callAsync("x", null, Duration.ZERO));
			}
			for (int i = number - 1; i >= 0; i--) {
				calls.get(i).cancel(true);
			}
			return System.nanoTime() - before;
		}
	}

	@Test
	void timeUpWhileWaitingLeavesNoHandleBehind() throws Exception {
		this.peer = new PeerAtRawEnd(this.raw, options(Duration.ofSeconds(30)));
		this.peer.send("x", new byte[4 * 1024 * 1024], Duration.ZERO);
		this.peer.send("x", new byte[4 * 1024 * 1024], Duration.ZERO);
		for (boolean call : new boolean[] { true, false }) {
			try (IpcPipe pipe = IpcPipe.open()) {
				OutgoingMessage message = TestMessages.of("x", null, null, Map.of(), pipe.sink(), false,
						Duration.ofMillis(50));
				CompletableFuture<?> outcome = call ? this.peer.sender.callAsync(message, Object.class)
						: this.peer.sender.send(message);
				assertThat(outcome).failsWithin(Duration.ofSeconds(10));
				assertThat(pipe.source().read()).isEqualTo(-1);
			}
		}
	}

}
