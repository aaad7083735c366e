package io.ipcboot.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Keeps Flyway and Liquibase from migrating once in every worker. Their beans exist, as
 * others may need them. A database in memory is a worker's own, and nobody else migrates
 * it.
 */
class MigrationSuppression implements BeanFactoryPostProcessor {

	/** What does nothing but migrate when it is initialized. */
	private static final List<String> FLYWAY = List.of("org.flywaydb.core.Flyway",
			"org.springframework.boot.flyway.autoconfigure.FlywayMigrationInitializer");

	/** Stops all that {@code SpringLiquibase} would do in this JVM, bean or not. */
	private static final String LIQUIBASE = "liquibase.shouldRun";

	private final Environment environment;

	MigrationSuppression(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (!WorkerSettings.MIGRATIONS.isKept(this.environment) && !Databases.areOfThisWorker(this.environment)) {
			System.setProperty(LIQUIBASE, "false");
			beanFactory.addBeanPostProcessor(new InitializationSuppression(FLYWAY));
		}
	}

}
