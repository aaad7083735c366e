package io.ipcboot.compatibility.liquibase;

import io.ipcboot.compatibility.MigrationTests;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiquibaseApplicationTests extends MigrationTests {

	LiquibaseApplicationTests() {
		super(LiquibaseApplication.class, "liquibase Ada");
	}

	@ParameterizedTest
	@CsvSource({ "--tenants=true, 3", "--own=true, 2" })
	void whateverTheApplicationDefines(String argument, int migrations) throws Exception {
		assertParentAloneMigrates(migrations, argument);
	}

}
