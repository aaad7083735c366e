package io.ipcboot.autoconfigure;

import javax.sql.DataSource;

import io.ipcboot.autoconfigure.RiskReportTests.UrlDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker changes the schema of a database only if no other process has that database.
 */
class DatabasesTests {

	private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();

	private final MockEnvironment environment = new MockEnvironment();

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:h2:mem:orders", "jdbc:hsqldb:mem:orders", "jdbc:derby:memory:orders;create=true",
			"jdbc:sqlite::memory:" })
	void eachProcessHasADatabaseInMemoryOfItsOwn(String url) {
		dataSource("orders", new UrlDataSource(url));
		assertThat(areOfEachWorker()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://db/orders", "jdbc:h2:file:/var/orders;AUTO_SERVER=TRUE",
			"jdbc:h2:tcp://db/mem:orders" })
	void processesShareAServer(String url) {
		dataSource("cache", new UrlDataSource("jdbc:h2:mem:cache"));
		dataSource("orders", new UrlDataSource(url));
		assertThat(areOfEachWorker()).isFalse();
	}

	@Test
	void nothingIsAssumedOfADataSourceWithoutAUrl() {
		this.environment.setProperty("spring.datasource.url", "jdbc:h2:mem:orders");
		dataSource("orders", new UrlDataSource("jdbc:h2:mem:orders") {
			@Override
			public @Nullable String getUrl() {
				return null;
			}
		});
		assertThat(areOfEachWorker()).isFalse();
	}

	@Test
	void anApplicationWithoutDatabases() {
		assertThat(areOfEachWorker()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.datasource.url", "spring.flyway.url", "spring.liquibase.url", "spring.r2dbc.url" })
	void aWorkerThatHasAnotherDatabaseThanItsParent(String property) {
		MockEnvironment worker = new MockEnvironment().withProperty(Databases.IN_MEMORY, "true");
		assertThat(Databases.areOfThisWorker(worker)).isTrue();
		worker.setProperty(property, "jdbc:postgresql://db/orders");
		assertThat(Databases.areOfThisWorker(worker)).isFalse();
	}

	private boolean areOfEachWorker() {
		return !new Databases(this.beans, this.environment).properties().isEmpty();
	}

	private void dataSource(String name, DataSource dataSource) {
		this.beans.registerBeanDefinition(name, new RootBeanDefinition(DataSource.class, () -> dataSource));
	}

}
