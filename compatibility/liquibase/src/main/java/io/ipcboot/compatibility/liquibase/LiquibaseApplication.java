package io.ipcboot.compatibility.liquibase;

import java.util.stream.Collectors;

import javax.sql.DataSource;

import liquibase.integration.spring.MultiTenantSpringLiquibase;
import liquibase.integration.spring.SpringLiquibase;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.io.ResourceLoader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that uses the bean of Liquibase. Each migration leaves a row.
 */
@SpringBootApplication
@RestController
public class LiquibaseApplication {

	private static final String CHANGE_LOG = "classpath:/db/changelog/db.changelog-master.yaml";

	private final SpringLiquibase liquibase;

	private final JdbcClient jdbc;

	LiquibaseApplication(SpringLiquibase liquibase, JdbcClient jdbc) {
		this.liquibase = liquibase;
		this.jdbc = jdbc;
	}

	public static void main(String[] args) {
		SpringApplication.run(LiquibaseApplication.class, args);
	}

	@PostMapping("/customers")
	void add(@RequestBody String name) {
		this.jdbc.sql("insert into customers values (?)").param(name).update();
	}

	@GetMapping("/customers")
	String customers() {
		return "%d %s %s".formatted(ProcessHandle.current().pid(), this.liquibase.getBeanName(),
				this.jdbc.sql("select name from customers")
					.query(String.class)
					.stream()
					.collect(Collectors.joining(",")));
	}

	@GetMapping("/migrations")
	int migrations() {
		return this.jdbc.sql("select count(*) from migrations").query(Integer.class).single();
	}

	/**
	 * What migrates several databases.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("tenants")
	static class Tenants {

		@Bean
		@DependsOn("liquibase")
		MultiTenantSpringLiquibase tenants(DataSource dataSource) {
			MultiTenantSpringLiquibase tenants = new MultiTenantSpringLiquibase();
			tenants.setDataSource(dataSource);
			tenants.setChangeLog(CHANGE_LOG);
			return tenants;
		}

		@Bean
		@DependsOn("tenants")
		InitializingBean tenantsWithoutBeans(DataSource dataSource, ResourceLoader resourceLoader) {
			return () -> {
				SpringLiquibase tenant = liquibase(dataSource);
				tenant.setResourceLoader(resourceLoader);
				tenant.afterPropertiesSet();
			};
		}

	}

	/**
	 * Beans of the application, beside which Spring Boot defines none.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("own")
	static class Own {

		@Bean
		SpringLiquibase liquibase(DataSource dataSource) {
			return LiquibaseApplication.liquibase(dataSource);
		}

		@Bean(defaultCandidate = false)
		@DependsOn("liquibase")
		SpringLiquibase secondLiquibase(DataSource dataSource) {
			return LiquibaseApplication.liquibase(dataSource);
		}

	}

	private static SpringLiquibase liquibase(DataSource dataSource) {
		SpringLiquibase liquibase = new SpringLiquibase();
		liquibase.setDataSource(dataSource);
		liquibase.setChangeLog(CHANGE_LOG);
		return liquibase;
	}

}
