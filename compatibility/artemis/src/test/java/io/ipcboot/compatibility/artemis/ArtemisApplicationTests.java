package io.ipcboot.compatibility.artemis;

import io.ipcboot.compatibility.ApplicationFacts;
import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ArtemisApplicationTests extends ApplicationTests {

	private static final String REGISTRY = "org.springframework.jms.config.internalJmsListenerEndpointRegistry";

	@Test
	void onlyTheParentConsumes() throws Exception {
		try (RunningApplication application = start(ArtemisApplication.class, Mode.POOL)) {
			ApplicationFacts facts = application.facts();
			application.await("consumption", () -> {
				assertThat(application.lines("Took an order in " + facts.parent().pid())).hasSize(1);
				assertThat(application.lines("Took a return in " + facts.parent().pid())).hasSize(1);
			});
			assertThat(facts.parent().running()).contains(REGISTRY, "returns");
			assertThat(facts.workers()).noneMatch((worker) -> worker.running().contains(REGISTRY))
				.noneMatch((worker) -> worker.running().contains("returns"));
			assertThat(application.lines("embedded-server:")).hasSize(1);
		}
	}

}
