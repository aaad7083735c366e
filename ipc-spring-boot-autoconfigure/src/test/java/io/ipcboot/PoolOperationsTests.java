package io.ipcboot;

import java.time.Duration;

import io.ipcboot.pool.PoolSnapshot;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators do, on a real pool.
 */
@ProcessTest
class PoolOperationsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final StandaloneTemplate processes = new StandaloneTemplate(
			new PoolOptions("default", 1, StandaloneTemplate.child(SmallChild.class)));

	@BeforeEach
	void start() {
		this.processes.template().startPools();
	}

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	/** On the thread that supervises, the second question would wait for itself. */
	@Test
	void whoeverHasAnAnswerMayAskAgain() {
		PoolOperations pool = this.processes.template().pool("default");
		assertThat(pool.snapshot().thenApply((snapshot) -> pool.snapshot().join())).succeedsWithin(PATIENCE);
		assertThat(pool.restart().thenApply((result) -> pool.snapshot().join())).succeedsWithin(PATIENCE)
			.extracting(PoolSnapshot::slots)
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.hasSize(1);
		assertThat(pool.drain(7).thenApply((drained) -> pool.snapshot().join())).succeedsWithin(PATIENCE);
	}

}
