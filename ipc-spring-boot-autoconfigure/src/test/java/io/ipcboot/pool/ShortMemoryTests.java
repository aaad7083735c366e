package io.ipcboot.pool;

import java.time.Duration;
import java.util.stream.IntStream;

import io.ipcboot.messaging.ScriptedExchange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a pool for which there is no memory for a moment, while a worker has died,
 * is complete again afterwards, wherever that moment is.
 */
class ShortMemoryTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void aDeadWorkerIsReplaced(int spares) {
		int errors = (int) IntStream.range(0, 100).takeWhile((uses) -> {
			TestPool pool = new TestPool();
			pool.settings.spares = spares;
			pool.started(2);
			ScriptedExchange call = pool.call();
			pool.loop.usesBeforeError = uses;
			try {
				pool.fleet.holderOf(call).die();
			}
			catch (OutOfMemoryError ex) {
				// thrown at whoever learns of the death
			}
			for (int i = 0; i < 5; i++) {
				pool.loop.run();
				pool.readyAll();
				pool.fleet.serving().stream().filter((worker) -> worker.killed != null).forEach(TestWorker::die);
				pool.advance(Duration.ofSeconds(10));
			}
			pool.readyAll();
			boolean thrown = pool.loop.usesBeforeError < 0;
			pool.loop.usesBeforeError = -1;
			assertThat(pool.fleet.serving()).as("after %d uses", uses).hasSize(2 + spares);
			assertThat(call.outcome()).as("after %d uses", uses).isDone();
			assertThat(pool.calls(2)).as("after %d uses", uses).allSatisfy(pool.fleet::holderOf);
			return thrown;
		}).count();
		assertThat(errors).isBetween(2, 99);
	}

}
