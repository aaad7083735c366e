package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeansException;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.core.env.Environment;

/**
 * The relational databases of an application, known by their URLs.
 */
class Databases {

	/** Sent to workers if each process has databases of its own, and no others. */
	static final String IN_MEMORY = WorkerProperties.PARENT_PREFIX + "databases-in-memory";

	private static final Pattern IN_MEMORY_URL = Pattern
		.compile("(jdbc|r2dbc):(h2:mem|h2:///mem|hsqldb:mem|derby:memory|sqlite::memory|sqlite:$).*");

	private static final String DATA_SOURCE = "javax.sql.DataSource";

	private static final String CONNECTION_FACTORY = "io.r2dbc.spi.ConnectionFactory";

	private final ListableBeanFactory beanFactory;

	private final Environment environment;

	Databases(ListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	static boolean isInMemory(String url) {
		return IN_MEMORY_URL.matcher(url).matches();
	}

	/**
	 * Return whether a worker has databases of its own, and no others. Its settings may
	 * differ from those of its parent.
	 * @param worker the configuration of the worker
	 */
	static boolean areOfThisWorker(Environment worker) {
		return worker.containsProperty(IN_MEMORY) && areSettingsInMemory(worker);
	}

	private static boolean areSettingsInMemory(Environment environment) {
		return Stream.of("spring.datasource.url", "spring.flyway.url", "spring.liquibase.url", "spring.r2dbc.url")
			.map(environment::getProperty)
			.filter(Objects::nonNull)
			.allMatch(Databases::isInMemory);
	}

	/**
	 * Return the property that tells workers that they have databases of their own.
	 * @return the property, if all databases are in memory
	 */
	Map<String, String> properties() {
		return areInMemory() ? Map.of(IN_MEMORY, "true") : Map.of();
	}

	/**
	 * Only what the data sources themselves say counts, since a worker changes the
	 * schemas of its own databases. So the data sources are created.
	 */
	private boolean areInMemory() {
		List<String> dataSources = Types.beansOf(List.of(DATA_SOURCE), this.beanFactory);
		List<String> connectionFactories = Types.beansOf(List.of(CONNECTION_FACTORY), this.beanFactory);
		return !dataSources.isEmpty()
				&& (connectionFactories.isEmpty() || this.environment.containsProperty("spring.r2dbc.url"))
				&& areSettingsInMemory(this.environment) && dataSources.stream().allMatch(this::isDataSourceInMemory);
	}

	private boolean isDataSourceInMemory(String beanName) {
		try {
			String url = url(beanName, this.beanFactory.getBean(beanName));
			return url != null && isInMemory(url);
		}
		catch (BeansException ex) {
			return false;
		}
	}

	/**
	 * Return the URLs of the databases by the names of their beans, without creating any
	 * bean.
	 */
	Map<String, String> urls() {
		Map<String, String> urls = new LinkedHashMap<>();
		for (String name : Types.beansOf(List.of(DATA_SOURCE, CONNECTION_FACTORY), this.beanFactory)) {
			Object bean = (this.beanFactory instanceof SingletonBeanRegistry singletons) ? singletons.getSingleton(name)
					: null;
			String url = (bean != null) ? url(name, bean) : null;
			if (url == null && bean != null && Types.isOneOf(Set.of(CONNECTION_FACTORY), bean.getClass())) {
				url = this.environment.getProperty("spring.r2dbc.url", "r2dbc:h2:mem:" + name);
			}
			if (url == null) {
				url = this.environment.getProperty("spring.datasource.url");
			}
			if (url != null) {
				urls.put(name, url);
			}
		}
		return urls;
	}

	/** Ask the bean itself, since code may have set its URL. */
	private static @Nullable String url(String beanName, Object bean) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(bean);
		for (String property : List.of("jdbcUrl", "url")) {
			if (properties.isReadableProperty(property)
					&& properties.getPropertyValue(property) instanceof String url) {
				return url;
			}
		}
		return Types.isOneOf(Set.of("org.springframework.jdbc.datasource.embedded.EmbeddedDatabase"), bean.getClass())
				? "jdbc:h2:mem:" + beanName : null;
	}

}
