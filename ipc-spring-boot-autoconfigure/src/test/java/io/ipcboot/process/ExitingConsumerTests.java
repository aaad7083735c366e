package io.ipcboot.process;

import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A consumer of output calls {@code System.exit}: neither the end of the JVM nor those
 * that read the output wait for it.
 */
@ProcessTest
class ExitingConsumerTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	/** One line, or more than may wait. */
	@ParameterizedTest
	@ValueSource(strings = { "1", "1000" })
	void nobodyWaitsForIt(String lines) {
		ProcessExit exit = this.processes
			.fork(StandaloneTemplate.child(ExitingConsumer.class)
				.channel(false)
				.arguments(lines)
				.output(ProcessOutput.DISCARD))
			.onExit()
			.join();
		assertThat(exit.code()).isEqualTo(7);
	}

}
