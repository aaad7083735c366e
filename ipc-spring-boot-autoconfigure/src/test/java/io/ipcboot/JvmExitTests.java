package io.ipcboot;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A JVM that has to end does end, at the earliest of its deadlines.
 */
@ProcessTest
class JvmExitTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@ParameterizedTest
	@CsvSource({ "in-order, 4, hook", "hook-hangs, 5,", "hook-exits, 6,", "earlier-deadline, 8,", "later-deadline, 7,",
			"halt, 3," })
	void itEnds(String how, int code, String printed) {
		ProcessExit exit = this.processes
			.fork(StandaloneTemplate.child(ExitMain.class).channel(false).arguments(how).output(ProcessOutput.DISCARD))
			.onExit()
			.orTimeout(20, TimeUnit.SECONDS)
			.join();
		assertThat(exit.code()).isEqualTo(code);
		assertThat(exit.lastLines()).isEqualTo((printed != null) ? List.of(printed) : List.of());
	}

}
