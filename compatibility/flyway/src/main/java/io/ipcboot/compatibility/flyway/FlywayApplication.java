package io.ipcboot.compatibility.flyway;

import java.util.stream.Collectors;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application that uses the bean of Flyway. Each migration leaves a row, also if there
 * was nothing to migrate.
 */
@SpringBootApplication
@RestController
public class FlywayApplication {

	private final Flyway flyway;

	private final JdbcClient jdbc;

	FlywayApplication(Flyway flyway, JdbcClient jdbc) {
		this.flyway = flyway;
		this.jdbc = jdbc;
	}

	public static void main(String[] args) {
		SpringApplication.run(FlywayApplication.class, args);
	}

	@PostMapping("/customers")
	void add(@RequestBody String name) {
		this.jdbc.sql("insert into customers values (?)").param(name).update();
	}

	@GetMapping("/customers")
	String customers() {
		return "%d %s %s".formatted(ProcessHandle.current().pid(), this.flyway.info().current().getVersion(),
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
	 * What destroys everything when it is repeated.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("clean")
	static class Cleaning {

		@Bean
		FlywayMigrationStrategy cleanAndMigrate() {
			return (flyway) -> {
				flyway.clean();
				flyway.migrate();
			};
		}

	}

	/**
	 * A bean of the application, beside which Spring Boot defines none.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("own")
	static class Own {

		@Bean(initMethod = "migrate")
		Flyway ownFlyway(DataSource dataSource) {
			return Flyway.configure().dataSource(dataSource).load();
		}

	}

}
