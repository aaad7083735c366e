package io.ipcboot.compatibility.scheduling;

import io.ipcboot.compatibility.ApplicationFacts;
import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class SchedulingApplicationTests extends ApplicationTests {

	@Test
	void jobsRunInTheParent() throws Exception {
		try (RunningApplication application = start(SchedulingApplication.class, Mode.POOL)) {
			ApplicationFacts facts = application.facts();
			for (String kind : new String[] { "Annotated", "Registered" }) {
				application.await(kind,
						() -> assertThat(application.lines(kind + " job ran in " + facts.parent().pid()))
							.hasSizeGreaterThan(1));
			}
			assertThat(facts.workers()).allMatch((worker) -> application.lines("job ran in " + worker.pid()).isEmpty());
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "ALONE", "POOL" })
	void aCommandLineRunsOnceAndKeepsItsExitCode(Mode mode) throws Exception {
		RunningApplication application = run(3, CommandLineApplication.class, mode);
		assertThat(application.lines("Work is done in")).hasSize(1);
	}

}
