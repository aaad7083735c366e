package io.ipcboot;

import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How many workers there may be, and how many of them start at a time, with real
 * processes.
 */
@ProcessTest
class WorkerLimitsTests {

	private final StandaloneTemplate processes = new StandaloneTemplate(ChannelOptions.DEFAULT, new WorkerLimits(5, 1),
			pool("a", 2), pool("b", 2));

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	private static PoolOptions pool(String name, int size) {
		return new PoolOptions(name, size, StandaloneTemplate.child(SmallChild.class).output(ProcessOutput.DISCARD));
	}

	@Test
	void theWorkersOfAllPoolsStartOneAfterTheOther() {
		AtomicInteger starting = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger ready = new AtomicInteger();
		this.processes.template().observe((worker, state) -> {
			if (state == WorkerState.STARTING) {
				most.accumulateAndGet(starting.incrementAndGet(), Math::max);
			}
			if (state == WorkerState.READY) {
				starting.decrementAndGet();
				ready.incrementAndGet();
			}
		});
		this.processes.template().startPools();
		assertThat(ready).hasValue(4);
		assertThat(most).as("workers that started at a time").hasValue(1);
	}

	@Test
	void aPoolDoesNotGrowBeyondTheLimitOfAllPools() {
		ChildProcessTemplate template = this.processes.template();
		template.startPools();
		assertThatExceptionOfType(TooManyWorkersException.class).isThrownBy(() -> template.pool("b").resize(4))
			.withMessage("There may be at most 5 workers, but 6 were asked for: 2 in pool 'a', 4 in pool 'b'");
		assertThat(template.workers("b")).hasSize(2);
		template.pool("a").resize(1).join();
		template.pool("b").resize(4).join();
		assertThat(template.pool("b").snapshot().join().slots()).hasSize(4);
	}

}
