package io.ipcboot.compatibility.datajpa;

import java.sql.SQLException;
import java.util.stream.Collectors;

import org.h2.tools.Server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose tables are made by Hibernate and by a script.
 */
@SpringBootApplication
@RestController
public class DataJpaApplication {

	private final Customers customers;

	private final JdbcClient jdbc;

	DataJpaApplication(Customers customers, JdbcClient jdbc) {
		this.customers = customers;
		this.jdbc = jdbc;
	}

	public static void main(String[] args) {
		SpringApplication.run(DataJpaApplication.class, args);
	}

	@PostMapping("/customers")
	void add(@RequestBody String name) {
		this.customers.save(new Customer(name));
	}

	@GetMapping("/customers")
	String customers() {
		return ProcessHandle.current().pid() + " "
				+ this.customers.findAll().stream().map(Customer::name).sorted().collect(Collectors.joining(","));
	}

	@GetMapping("/scripts")
	int scripts() {
		return this.jdbc.sql("select count(*) from script_runs").query(Integer.class).single();
	}

	/**
	 * What lets tools see the database.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("servers")
	static class Servers {

		@Bean(initMethod = "start", destroyMethod = "stop")
		Server tcpServer() throws SQLException {
			return Server.createTcpServer("-tcpPort", "0");
		}

		@Bean(initMethod = "start", destroyMethod = "stop")
		Object webServer() throws SQLException {
			return Server.createWebServer("-webPort", "0");
		}

	}

}
