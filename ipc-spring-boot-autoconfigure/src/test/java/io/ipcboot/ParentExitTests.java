package io.ipcboot;

import java.time.Duration;

import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code System.exit} in a callback: the JVM ends, although its end waits for its
 * processes, and they may take hours.
 */
@ProcessTest
class ParentExitTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "output", "output-of-many-lines", "reply", "failure", "send", "ready", "exit",
			"disconnect", "listener", "one-way-listener" })
	void aParentEndsWhoseCallbackExits(String callback) {
		ProcessExit exit = this.processes
			.fork(StandaloneTemplate.child(ExitingParent.class)
				.channel(false)
				.arguments(callback)
				.output(ProcessOutput.DISCARD))
			.onExit()
			.join();
		assertThat(exit.code()).as(exit.describeWithOutput()).isEqualTo(7);
	}

	/** Its channel is not closed before the worker has said goodbye. */
	@Test
	void aWorkerEndsThatExitsWhenItIsToldToLeave() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class)
			.arguments("--exit-on-leave")
			.drainTimeout(Duration.ofHours(1))
			.output(ProcessOutput.DISCARD));
		assertThat(child.disconnect().join().code()).isEqualTo(6);
	}

}
