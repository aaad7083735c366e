package io.ipcboot.compatibility.quartz;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QuartzApplicationTests extends ApplicationTests {

	@Test
	void theJobRunsOnce() throws Exception {
		try (RunningApplication application = start(QuartzApplication.class, Mode.POOL)) {
			long parent = application.facts().parent().pid();
			application.await("job", () -> assertThat(application.lines("provided ran in " + parent)).hasSize(1));
			application.replaceWorker();
			assertThat(application.facts().parent().running()).contains("&quartzScheduler");
			assertThat(application.facts().workers())
				.noneMatch((worker) -> worker.running().contains("&quartzScheduler"));
			assertThat(application.lines("provided ran in")).hasSize(1);
		}
	}

}
