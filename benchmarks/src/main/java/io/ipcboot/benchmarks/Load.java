package io.ipcboot.benchmarks;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.MessageOperations;

/**
 * Sends as fast as it can to a process or pool that runs {@link Child}.
 */
final class Load {

	private static final int IN_FLIGHT = 64;

	private final MessageOperations target;

	Load(MessageOperations target) {
		this.target = target;
	}

	/**
	 * Run a workload.
	 * @return the number of operations per second
	 */
	long run(Workload workload, Duration duration) throws Exception {
		long end = System.nanoTime() + duration.toNanos();
		long start = System.nanoTime();
		long count = switch (workload) {
			case CALL_ONE -> callOneAtATime(end);
			case CALL_64 -> callInFlight(end);
			case MESSAGES_100B -> send("message", new Message(1, Message.TEXT), 50, end);
			case MESSAGES_64K -> send("text", "x".repeat(64 * 1024), 1, end);
			case SOCKETS -> throw new IllegalArgumentException("measured by the clients");
		};
		return count * 1_000_000_000L / (System.nanoTime() - start);
	}

	private long callOneAtATime(long end) {
		int count = 0;
		while (System.nanoTime() < end) {
			this.target.call("echo", new Message(count++, Message.TEXT), Message.class);
		}
		return count;
	}

	/**
	 * Make the next call as soon as an outcome is known, in the code that waited for it.
	 */
	private long callInFlight(long end) throws InterruptedException {
		CountDownLatch ended = new CountDownLatch(IN_FLIGHT);
		AtomicInteger count = new AtomicInteger();
		for (int i = 0; i < IN_FLIGHT; i++) {
			callAgain(end, count, ended);
		}
		ended.await();
		return count.get();
	}

	private void callAgain(long end, AtomicInteger count, CountDownLatch ended) {
		this.target.callAsync("echo", new Message(count.getAndIncrement(), Message.TEXT), Message.class)
			.whenComplete((reply, ex) -> {
				if (ex != null) {
					throw new IllegalStateException(ex);
				}
				if (System.nanoTime() < end) {
					callAgain(end, count, ended);
				}
				else {
					ended.countDown();
				}
			});
	}

	private long send(String destination, Object payload, int batch, long end) {
		int before = this.target.call("received", null, Integer.class);
		while (System.nanoTime() < end) {
			for (int i = 0; i < batch; i++) {
				this.target.send(destination, payload);
			}
		}
		return this.target.call("received", null, Integer.class) - before;
	}

}
