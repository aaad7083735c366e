package io.ipcboot.compatibility.flyway;

import io.ipcboot.compatibility.MigrationTests;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlywayApplicationTests extends MigrationTests {

	FlywayApplicationTests() {
		super(FlywayApplication.class, "1 Ada");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--clean=true", "--own=true" })
	void whateverTheApplicationDefines(String argument) throws Exception {
		assertParentAloneMigrates(1, argument, "--spring.flyway.clean-disabled=false");
	}

}
