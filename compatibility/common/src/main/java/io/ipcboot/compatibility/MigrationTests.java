package io.ipcboot.compatibility;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with an application that migrates its database when it starts, and counts that.
 */
public abstract class MigrationTests extends ApplicationTests {

	private final Class<?> main;

	private final String answer;

	/**
	 * Create the tests.
	 * @param main the main class of the application
	 * @param answer what each of its processes says of its database, after its pid
	 */
	protected MigrationTests(Class<?> main, String answer) {
		this.main = main;
		this.answer = answer;
	}

	@ParameterizedTest
	@EnumSource
	void theParentAloneMigrates(Mode mode) throws Exception {
		try (RunningApplication application = start(mode)) {
			application.exchange("/customers", "text/plain", "Ada");
			application.untilEachProcessAnswered(() -> customers(application));
			if (mode != Mode.ALONE) {
				application.replaceWorker();
			}
			application.untilEachProcessAnswered(() -> customers(application));
			assertThat(application.get("/migrations")).isEqualTo("1");
		}
	}

	@Test
	void eachProcessMigratesADatabaseInItsMemory() throws Exception {
		try (RunningApplication application = start(this.main, Mode.SHARED)) {
			application.untilEachProcessAnswered(() -> pid(application.get("/customers")));
			assertThat(application.lines("in-memory-database:")).hasSize(1);
		}
	}

	@Test
	void workersThatAreToldToMigrate() throws Exception {
		try (RunningApplication application = start(Mode.POOL,
				"--ipc.pools.default.properties.ipc.worker.migrations=true")) {
			assertThat(application.get("/migrations")).isEqualTo("3");
		}
	}

	/**
	 * Check that workers of a shared port, and those that replace them, migrate nothing.
	 * @param migrations how many migrations the parent makes
	 * @param arguments the arguments of the application
	 */
	protected void assertParentAloneMigrates(int migrations, String... arguments) throws Exception {
		try (RunningApplication application = start(Mode.SHARED, arguments)) {
			application.exchange("/customers", "text/plain", "Ada");
			application.replaceWorker();
			application.untilEachProcessAnswered(() -> customers(application));
			assertThat(application.get("/migrations")).isEqualTo(Integer.toString(migrations));
		}
	}

	private RunningApplication start(Mode mode, String... arguments) throws Exception {
		String[] all = Stream.concat(Stream.of(arguments), Stream.of(ownDatabase())).toArray(String[]::new);
		return start(this.main, mode, all).withOtherPorts(1);
	}

	private long customers(RunningApplication application) {
		String[] said = application.get("/customers").split(" ", 2);
		assertThat(said[1]).isEqualTo(this.answer);
		return Long.parseLong(said[0]);
	}

	private static long pid(String answer) {
		return Long.parseLong(answer.split(" ")[0]);
	}

}
