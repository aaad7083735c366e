package io.ipcboot.channel;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class CallerReadsTests {

	private final Outcomes outcomes = new Outcomes();

	private final ReadLoop loop = new ReadLoop("caller-test", this.outcomes);

	@BeforeEach
	void start() {
		this.loop.start();
	}

	@AfterEach
	void end() throws Exception {
		this.outcomes.arrivals.add(Outcomes.END);
		this.outcomes.ended.await();
	}

	@Test
	void aThreadThatCallsAgainAndAgainReadsForItself() {
		callUntilThisThreadReads();
		for (int i = 0; i < 100; i++) {
			callUntilThisThreadReads();
		}
	}

	@Test
	void withoutCallersTheLoopReads() {
		callUntilThisThreadReads();
		assertThat(arrive(new Outcome(Arrival.OTHER)).join()).isNotEqualTo(Thread.currentThread());
	}

	@Test
	void whatIsNotForCallersIsLeftToTheLoop() {
		callUntilThisThreadReads();
		for (int i = 0; i < 100; i++) {
			CompletableFuture<Thread> other = arrive(new Outcome(Arrival.OTHER));
			call();
			assertThat(other.join()).isNotEqualTo(Thread.currentThread());
		}
	}

	@Test
	void theLoopReadsOnForACallerThatIsInterrupted() {
		callUntilThisThreadReads();
		this.outcomes.expected.incrementAndGet();
		Thread.currentThread().interrupt();
		CompletableFuture<Thread> outcome = new CompletableFuture<>();
		this.loop.callers().read(outcome::isDone, 0);
		assertThat(Thread.interrupted()).isTrue();
		this.outcomes.arrivals.add(new Outcome(Arrival.OUTCOMES, outcome));
		assertThat(outcome.join()).isNotEqualTo(Thread.currentThread());
	}

	@Test
	void theLoopReadsOnForACallerThatDoesNotWaitAnyLonger() {
		callUntilThisThreadReads();
		this.outcomes.expected.incrementAndGet();
		CompletableFuture<Thread> outcome = new CompletableFuture<>();
		this.loop.callers().read(outcome::isDone, TimeUnit.MILLISECONDS.toNanos(5));
		this.outcomes.arrivals.add(new Outcome(Arrival.OUTCOMES, outcome));
		assertThat(outcome.join()).isNotEqualTo(Thread.currentThread());
	}

	@Test
	void aCallerReadsWhatAnotherOneWaitsFor() throws Exception {
		for (int i = 0; i < 100; i++) {
			callUntilThisThreadReads();
			AtomicReference<@Nullable Thread> second = new AtomicReference<>();
			Thread other = new Thread(() -> second.set(call()));
			other.start();
			call();
			other.join();
			assertThat(second.get()).isNotNull();
		}
	}

	@Test
	void whatIsSentWithoutWaitingIsReadAtOnce() {
		for (int i = 0; i < 100; i++) {
			callUntilThisThreadReads();
			this.outcomes.expected.incrementAndGet();
			CompletableFuture<Thread> outcome = arrive(new Outcome(Arrival.OUTCOMES));
			this.loop.callers().resume();
			assertThat(outcome.join()).isNotEqualTo(Thread.currentThread());
		}
	}

	private void callUntilThisThreadReads() {
		while (call() != Thread.currentThread()) {
			Thread.onSpinWait();
		}
	}

	/** Return which thread has read the outcome. */
	private Thread call() {
		this.outcomes.expected.incrementAndGet();
		CompletableFuture<Thread> outcome = arrive(new Outcome(Arrival.OUTCOMES));
		this.loop.callers().read(outcome::isDone, 0);
		return outcome.join();
	}

	private CompletableFuture<Thread> arrive(Outcome outcome) {
		this.outcomes.arrivals.add(outcome);
		return outcome.reader();
	}

	private record Outcome(Arrival kind, CompletableFuture<Thread> reader) {

		Outcome(Arrival kind) {
			this(kind, new CompletableFuture<>());
		}

	}

	/** Reads one outcome at a time. */
	private static final class Outcomes implements ReadLoop.Steps {

		static final Outcome END = new Outcome(Arrival.OTHER);

		final BlockingQueue<Outcome> arrivals = new LinkedBlockingQueue<>();

		final AtomicInteger expected = new AtomicInteger();

		final CountDownLatch ended = new CountDownLatch(1);

		/** Found by a caller that must not handle it. */
		private @Nullable Outcome left;

		@Override
		public boolean read() {
			try {
				Outcome next = (this.left != null) ? this.left : this.arrivals.take();
				this.left = null;
				if (next == END) {
					return false;
				}
				pass(next);
				return true;
			}
			catch (InterruptedException ex) {
				return read();
			}
		}

		@Override
		public Arrival poll(long millis) {
			Outcome next = null;
			try {
				next = this.arrivals.poll(millis, TimeUnit.MILLISECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			if (next == null) {
				return Arrival.NOTHING;
			}
			if (next.kind() == Arrival.OUTCOMES) {
				pass(next);
			}
			else {
				this.left = next;
			}
			return next.kind();
		}

		private void pass(Outcome outcome) {
			if (outcome.kind() == Arrival.OUTCOMES) {
				this.expected.decrementAndGet();
			}
			outcome.reader().complete(Thread.currentThread());
		}

		@Override
		public boolean isQuiet() {
			return this.left == null && this.expected.get() == 0;
		}

		@Override
		public boolean hasWork() {
			return false;
		}

		@Override
		public void work() {
		}

		@Override
		public void heldUp() {
		}

		@Override
		public void end() {
			this.ended.countDown();
		}

		@Override
		public void failed() {
			throw new IllegalStateException("no test lets a loop fail");
		}

	}

}
