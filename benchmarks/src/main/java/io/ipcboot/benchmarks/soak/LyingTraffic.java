package io.ipcboot.benchmarks.soak;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ForkOptions;
import io.ipcboot.PoolOperations;
import io.ipcboot.PoolOptions;
import io.ipcboot.channel.IpcException;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.process.ProcessOutput;

/**
 * Makes the workers of a pool of their own lie: frames that make no sense, valid frames
 * that say what is not so, half a frame, silence, and reading that is only claimed. What
 * the callers of this pool get may be false; each call must have one outcome all the
 * same.
 */
final class LyingTraffic {

	static final String POOL = "liars";

	private static final List<String> FALSE_FRAMES = List.of("HELLO", "READY", "PING", "PONG", "ASSIGN", "STARTED",
			"REPLY", "FAILURE", "NOT_STARTED");

	private final Outcomes calls = new Outcomes("calls to workers that lie");

	private final PoolOperations pool;

	private final Random random;

	/**
	 * @param pool the pool of {@link #options}
	 * @param random decides how the workers lie
	 */
	LyingTraffic(PoolOperations pool, Random random) {
		this.pool = pool;
		this.random = random;
		pool.answer("text", String.class, (text) -> text);
		pool.answer("later", String.class, (text) -> new CompletableFuture<>());
		pool.answer("fails", String.class, (text) -> {
			throw new IllegalStateException("as it should");
		});
	}

	/**
	 * Return the pool of the workers that lie.
	 * @throws ClassNotFoundException if the classes of the library's tests, which have
	 * these workers, are not on the class path
	 */
	static PoolOptions options(PoolSettings settings) throws ClassNotFoundException {
		return new PoolOptions(POOL, settings.withSize(2),
				ForkOptions.mainClass(Class.forName("io.ipcboot.scenario.RawWorker"))
					.jvmArguments("-XX:TieredStopAtLevel=1")
					.output(ProcessOutput.DISCARD));
	}

	/** Have one worker lie, with calls beside it that are honest. */
	void lie() {
		switch (this.random.nextInt(8)) {
			case 0 -> call("garbage", "random");
			case 1 -> call("frames", Long.toString(this.random.nextInt()));
			case 2 -> call("half", "");
			case 3 -> call("deaf", "");
			case 4 -> call("lie", FALSE_FRAMES.get(this.random.nextInt(FALSE_FRAMES.size())));
			default -> call("fuzz", Long.toString(this.random.nextInt()));
		}
		for (int i = 0; i < 100; i++) {
			call("echo", "x");
		}
	}

	private void call(String destination, String text) {
		this.calls.admitted();
		try {
			this.pool.destination(destination)
				.message(text)
				// a message that has ended workers would be refused
				.key(destination + this.random.nextLong())
				.deadline(Duration.ofSeconds(5))
				.callAsync(String.class)
				.whenComplete((reply, ex) -> this.calls.ended((ex != null) ? describe(ex) : "answered"));
		}
		catch (RuntimeException ex) {
			this.calls.ended(describe(ex));
		}
	}

	private static String describe(Throwable failure) {
		return (failure instanceof IpcException) ? failure.getClass().getSimpleName() : "UNEXPECTED " + failure;
	}

	Outcomes outcomes() {
		return this.calls;
	}

}
