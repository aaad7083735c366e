package io.ipcboot.docs.guide.supervision;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.PoolOperations;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.RollingRestartResult;

import org.springframework.stereotype.Component;

@Component
class Operator {

	private final ChildProcessTemplate workers;

	Operator(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	// tag::operations[]
	void maintain() {
		PoolOperations pool = this.workers.pool("dictionary");

		pool.resize(3).join();
		RollingRestartResult result = pool.restart().join();
		if (!result.complete()) {
			result.steps().forEach((step) -> System.out.println(step.slot() + ": " + step.failure()));
		}

		PoolSnapshot now = pool.snapshot().join();
		now.slots().forEach((slot) -> System.out.println(slot.pid() + " has served " + slot.served()));

		pool.drain(0); // the worker finishes, leaves, and is replaced
		pool.kill(1); // ends the worker at once
	}
	// end::operations[]

}
