package io.ipcboot.pool;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Lets anything happen to pools in any order. A failure names its seed, which repeats it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RandomLifeTests {

	private static final int SEEDS = Integer.getInteger("tests.seeds", 1000);

	private static final int STEPS = 150;

	@Test
	void whateverHappensEveryCallHasOneOutcomeAndThePoolHeals() {
		for (long seed = Long.getLong("tests.seed", 0); seed < SEEDS; seed++) {
			RandomLife life = new RandomLife(seed);
			try {
				life.run(STEPS);
			}
			catch (RuntimeException | Error ex) {
				throw new AssertionError("Seed %d after %s: %s".formatted(seed, life, ex), ex);
			}
		}
	}

}
