package io.ipcboot.compatibility.datajpa;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DataJpaApplicationTests extends ApplicationTests {

	/** H2 opens a port for the other processes. */
	@Test
	void workersNeitherCreateNorDropWhatTheyShare() throws Exception {
		try (RunningApplication application = start(DataJpaApplication.class, Mode.SHARED, ownDatabase(),
				"--spring.sql.init.mode=always", "--spring.jpa.hibernate.ddl-auto=create-drop")
			.withOtherPorts(1)) {
			application.exchange("/customers", "text/plain", "Ada");
			application.untilEachProcessAnswered(() -> customers(application, "Ada"));
			application.replaceWorker();
			application.untilEachProcessAnswered(() -> customers(application, "Ada"));
			assertThat(application.get("/scripts")).isEqualTo("1");
			assertThat(application.lines("single-process-database:")).isEmpty();
		}
	}

	@Test
	void aDatabaseInMemoryIsReported() throws Exception {
		try (RunningApplication application = start(DataJpaApplication.class, Mode.POOL)) {
			application.exchange("/customers", "text/plain", "Ada");
			application.untilEachProcessAnswered(() -> customers(application, "Ada"));
			assertThat(application.get("/scripts")).isEqualTo("1");
			assertThat(application.lines("in-memory-database:")).hasSize(1);
		}
	}

	@Test
	void eachProcessCreatesADatabaseInItsMemory() throws Exception {
		try (RunningApplication application = start(DataJpaApplication.class, Mode.SHARED,
				"--spring.jpa.hibernate.ddl-auto=update", "--spring.jpa.defer-datasource-initialization=true")) {
			application.untilEachProcessAnswered(() -> customers(application, ""));
		}
	}

	@Test
	void theParentAloneOpensThePortsOfTheDatabase() throws Exception {
		try (RunningApplication application = start(DataJpaApplication.class, Mode.POOL, "--servers=true")
			.withOtherPorts(2)) {
			assertThat(application.get("/scripts")).isEqualTo("1");
		}
	}

	private static long customers(RunningApplication application, String expected) {
		String[] answer = application.get("/customers").split(" ", 2);
		assertThat(answer[1]).isEqualTo(expected);
		return Long.parseLong(answer[0]);
	}

}
