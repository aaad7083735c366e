package io.ipcboot.benchmarks;

import java.time.Duration;
import java.util.concurrent.Semaphore;

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
	 * @return how many there were in a second
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

	private long callInFlight(long end) throws InterruptedException {
		Semaphore free = new Semaphore(IN_FLIGHT);
		int count = 0;
		while (System.nanoTime() < end) {
			free.acquire();
			this.target.callAsync("echo", new Message(count++, Message.TEXT), Message.class)
				.whenComplete((reply, ex) -> free.release());
		}
		free.acquire(IN_FLIGHT);
		return count;
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
