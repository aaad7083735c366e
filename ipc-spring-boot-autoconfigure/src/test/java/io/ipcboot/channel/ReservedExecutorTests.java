package io.ipcboot.channel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for tasks when no thread can be started any more.
 */
class ReservedExecutorTests {

	private volatile boolean exhausted;

	private final ExecutorService pool = Executors.newCachedThreadPool((task) -> new Thread(task) {

		@Override
		public void start() {
			if (ReservedExecutorTests.this.exhausted) {
				// as the JDK does when pthread_create(3) says EAGAIN
				throw new OutOfMemoryError("unable to create native thread");
			}
			super.start();
		}

	});

	private final ReservedExecutor executor = new ReservedExecutor(this.pool, (task) -> {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		return thread;
	});

	@AfterEach
	void end() {
		this.pool.shutdownNow();
	}

	@Test
	void allTasksAreRunInOrderAlthoughNoThreadIsLeft() throws Exception {
		this.exhausted = true;
		List<Integer> done = Collections.synchronizedList(new ArrayList<>());
		CountDownLatch latch = new CountDownLatch(100);
		IntStream.range(0, 100).forEach((number) -> this.executor.execute(() -> {
			done.add(number);
			latch.countDown();
		}));
		assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(done).isEqualTo(IntStream.range(0, 100).boxed().toList());
	}

	@Test
	void aTaskThatFailsDoesNotEndTheReserve() throws Exception {
		this.exhausted = true;
		CountDownLatch latch = new CountDownLatch(1);
		this.executor.execute(() -> {
			throw new IllegalStateException("on purpose");
		});
		this.executor.execute(latch::countDown);
		assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void threadsAreUsedAgainOnceTheyCanBeStarted() throws Exception {
		this.exhausted = true;
		CountDownLatch started = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch others = new CountDownLatch(3);
		this.executor.execute(() -> {
			started.countDown();
			awaitQuietly(end);
		});
		assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
		this.exhausted = false;
		for (int i = 0; i < 3; i++) {
			this.executor.execute(others::countDown);
		}
		assertThat(others.await(30, TimeUnit.SECONDS)).isTrue();
		end.countDown();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
