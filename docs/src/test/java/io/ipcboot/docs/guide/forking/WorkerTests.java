package io.ipcboot.docs.guide.forking;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.docs.guide.GuideApplication;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("process")
@Timeout(60)
// tag::test[]
@SpringBootTest(classes = GuideApplication.class,
		properties = { "ipc.pools.default.size=1", "report.directory=/srv/reports" }) // <1>
class WorkerTests {

	@Autowired
	ChildProcessTemplate workers;

	@Test
	void aWorkerHasThePropertiesOfTheTest() {
		String directory = this.workers.call("property", "report.directory", String.class); // <2>
		assertThat(directory).isEqualTo("/srv/reports");
	}

}
// end::test[]
