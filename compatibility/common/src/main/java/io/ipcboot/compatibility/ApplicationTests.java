package io.ipcboot.compatibility;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with an application that was not written with workers in mind.
 */
@Tag("process")
@Tag("long")
@Timeout(300)
public abstract class ApplicationTests {

	/** Where the application runs. */
	@TempDir
	protected Path directory;

	/**
	 * Start an application and wait until all its processes are ready.
	 * @param main its main class
	 * @param mode how it runs
	 * @param arguments its arguments
	 * @return the application
	 */
	protected RunningApplication start(Class<?> main, Mode mode, String... arguments) throws IOException {
		return RunningApplication.start(this.directory, main, mode, arguments).awaitReady();
	}

	/**
	 * Return the argument that gives an application a database in a file. H2 opens a port
	 * for the other processes.
	 * @return the URL of a database that only this application has
	 */
	protected String ownDatabase() {
		return "--spring.datasource.url=jdbc:h2:file:" + this.directory.resolve("database") + ";AUTO_SERVER=TRUE";
	}

	/**
	 * Run an application that ends by itself, and check that nothing is left of it.
	 * @param exitCode its expected exit code
	 * @param main its main class
	 * @param mode how it runs
	 * @param arguments its arguments
	 * @return the application
	 */
	protected RunningApplication run(int exitCode, Class<?> main, Mode mode, String... arguments) throws Exception {
		RunningApplication application = RunningApplication.start(this.directory, main, mode, arguments);
		assertThat(application.awaitEnd()).as(application::output).isEqualTo(exitCode);
		application.checkEnd();
		return application;
	}

}
