package io.ipcboot.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A process whose consumer of output ends it, and whose end waits for the consumer. Its
 * argument is how many lines there are.
 */
public final class ExitingConsumer {

	private ExitingConsumer() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		LineQueue queue = new LineQueue((line) -> System.exit(7));
		Thread reader = new Thread(() -> {
			for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
				queue.add(new ProcessOutput.Line(1, "x".repeat(1000), false));
			}
		});
		Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitConsumed(reader, queue)));
		reader.start();
		TimeUnit.DAYS.sleep(1);
	}

	private static void awaitConsumed(Thread reader, LineQueue queue) {
		try {
			reader.join();
			queue.awaitConsumed(Duration.ofHours(1));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
