package io.ipcboot.compatibility.integration;

import io.ipcboot.compatibility.ApplicationFacts;
import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IntegrationApplicationTests extends ApplicationTests {

	@Test
	void onlyTheParentPollsAndAllProcessesHaveTheGateway() throws Exception {
		try (RunningApplication application = start(IntegrationApplication.class, Mode.POOL)) {
			ApplicationFacts facts = application.facts();
			for (String by : new String[] { "annotation", "flow", "xml" }) {
				application.await("poll by " + by,
						() -> assertThat(application.lines("Polled by " + by + " in " + facts.parent().pid()))
							.hasSizeGreaterThan(1));
			}
			assertThat(application.lines("Hello Ada in " + facts.parent().pid())).hasSize(1);
			for (ProcessFacts worker : facts.workers()) {
				assertThat(application.lines("Hello Ada in " + worker.pid())).hasSize(1);
				assertThat(application.lines(" in " + worker.pid()).stream().filter((line) -> line.contains("Polled")))
					.isEmpty();
			}
		}
	}

}
