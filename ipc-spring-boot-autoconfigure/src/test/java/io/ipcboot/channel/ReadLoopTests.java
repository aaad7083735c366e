package io.ipcboot.channel;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class ReadLoopTests {

	private final Tasks tasks = new Tasks();

	private final ReadLoop loop = new ReadLoop("loop-test", this.tasks);

	@AfterEach
	void end() {
		this.tasks.end.countDown();
		this.tasks.arrivals.add(List.of());
		Awaitility.await().until(() -> threads().isEmpty());
		assertThat(this.tasks.ends).hasValue(1);
	}

	@Test
	void quickWorkIsDoneByTheThreadThatHasRead() throws Exception {
		this.loop.start();
		for (int i = 0; i < 1000; i++) {
			CountDownLatch done = new CountDownLatch(1);
			this.tasks.arrivals.add(List.of(done::countDown));
			done.await();
		}
		assertThat(threads().size()).isLessThanOrEqualTo(2);
	}

	@Test
	void whileOneThreadIsHeldUpAnotherReads() throws Exception {
		this.loop.start();
		for (int i = 0; i < 5; i++) {
			this.tasks.arrivals.add(List.of(this.tasks::awaitEnd));
		}
		CountDownLatch read = new CountDownLatch(1);
		this.tasks.arrivals.add(List.of(read::countDown));
		read.await();
		assertThat(this.tasks.heldUp.get()).isGreaterThanOrEqualTo(5);
	}

	@Test
	void workThatArrivedTogetherWithSomethingThatBlocksIsDone() throws Exception {
		this.loop.start();
		CountDownLatch done = new CountDownLatch(1);
		this.tasks.arrivals.add(List.of(this.tasks::awaitEnd, done::countDown));
		done.await();
	}

	@Test
	void aThreadThatIsAboutToBlockIsReplacedAtOnce() throws Exception {
		this.loop.start();
		for (int i = 0; i < 200; i++) {
			CountDownLatch answer = new CountDownLatch(1);
			CountDownLatch done = new CountDownLatch(1);
			this.tasks.arrivals.add(List.of(() -> {
				this.tasks.arrivals.add(List.of(answer::countDown));
				ReadLoop.aboutToBlock();
				await(answer);
				done.countDown();
			}));
			done.await();
		}
		Awaitility.await().until(() -> threads().size() <= 2);
	}

	@Test
	void threadsThatAreNotNeededAnyMoreEnd() throws Exception {
		this.loop.start();
		CountDownLatch release = new CountDownLatch(1);
		for (int i = 0; i < 20; i++) {
			this.tasks.arrivals.add(List.of(() -> await(release)));
		}
		Awaitility.await().until(() -> threads().size() >= 20);
		release.countDown();
		Awaitility.await().until(() -> threads().size() <= 2);
	}

	@Test
	void workThatThrowsEndsItsThreadAndNotTheLoop() throws Exception {
		this.loop.start();
		this.tasks.arrivals.add(List.of(() -> {
			Thread.currentThread().setUncaughtExceptionHandler((thread, ex) -> {
			});
			throw new IllegalStateException("on purpose");
		}));
		CountDownLatch done = new CountDownLatch(1);
		this.tasks.arrivals.add(List.of(done::countDown));
		done.await();
	}

	@Test
	void aThreadThatIsLeftInterruptedStillWatches() throws Exception {
		this.loop.start();
		for (int i = 0; i < 100; i++) {
			CountDownLatch done = new CountDownLatch(1);
			this.tasks.arrivals.add(List.of(() -> Thread.currentThread().interrupt(), done::countDown));
			done.await();
		}
		CountDownLatch read = new CountDownLatch(1);
		this.tasks.arrivals.add(List.of(this.tasks::awaitEnd));
		this.tasks.arrivals.add(List.of(read::countDown));
		read.await();
	}

	@Test
	void nobodyWakesUpWhileNothingArrives() throws Exception {
		this.loop.start();
		CountDownLatch done = new CountDownLatch(1);
		this.tasks.arrivals.add(List.of(done::countDown));
		done.await();
		Awaitility.await().until(() -> threads().stream().allMatch((thread) -> isAsleep(thread)));
		long before = waits();
		Awaitility.await().during(Duration.ofMillis(300)).until(() -> waits() == before);
	}

	@Test
	void theWatcherThatSleptIsThereWhenItIsNeeded() throws Exception {
		this.loop.start();
		for (int i = 0; i < 3; i++) {
			CountDownLatch done = new CountDownLatch(1);
			this.tasks.arrivals.add(List.of(done::countDown));
			done.await();
			Awaitility.await().until(() -> threads().stream().allMatch((thread) -> isAsleep(thread)));
			CountDownLatch read = new CountDownLatch(1);
			this.tasks.arrivals.add(List.of(() -> await(read)));
			this.tasks.arrivals.add(List.of(read::countDown));
			read.await();
		}
	}

	private static long waits() {
		return threads().stream()
			.map((thread) -> ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId()))
			.mapToLong(ThreadInfo::getWaitedCount)
			.sum();
	}

	private static boolean isAsleep(Thread thread) {
		return thread.getState() == Thread.State.WAITING;
	}

	private static List<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("ipc-loop-test-"))
			.toList();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Reads one list of tasks at a time; an empty one is the end. */
	private static final class Tasks implements ReadLoop.Steps {

		final BlockingQueue<List<Runnable>> arrivals = new LinkedBlockingQueue<>();

		final AtomicInteger heldUp = new AtomicInteger();

		final AtomicInteger ends = new AtomicInteger();

		final CountDownLatch end = new CountDownLatch(1);

		private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

		void awaitEnd() {
			ReadLoopTests.await(this.end);
		}

		@Override
		public boolean read() {
			try {
				List<Runnable> arrived = this.arrivals.take();
				this.waiting.addAll(arrived);
				return !arrived.isEmpty();
			}
			catch (InterruptedException ex) {
				return read();
			}
		}

		@Override
		public Arrival poll(long millis) {
			throw new IllegalStateException("no caller has asked");
		}

		@Override
		public boolean isQuiet() {
			return false;
		}

		@Override
		public boolean hasWork() {
			return !this.waiting.isEmpty();
		}

		@Override
		public void work() {
			Stream.generate(this.waiting::poll).takeWhile((task) -> task != null).forEach(Runnable::run);
		}

		@Override
		public void heldUp() {
			this.heldUp.incrementAndGet();
		}

		@Override
		public void end() {
			this.ends.incrementAndGet();
		}

		@Override
		public void failed() {
			throw new IllegalStateException("no test lets a loop fail");
		}

	}

}
