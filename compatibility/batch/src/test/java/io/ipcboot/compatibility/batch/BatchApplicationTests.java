package io.ipcboot.compatibility.batch;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchApplicationTests extends ApplicationTests {

	@Test
	void theJobRunsOnceAndEndsTheApplication() throws Exception {
		RunningApplication application = run(0, BatchApplication.class, Mode.POOL,
				"--spring.batch.jdbc.initialize-schema=always", ownDatabase());
		assertThat(application.lines("Billing runs in")).hasSize(1);
		assertThat(application.lines("COMPLETED")).hasSize(1);
	}

}
