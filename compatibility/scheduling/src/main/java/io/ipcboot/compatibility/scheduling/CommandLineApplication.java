package io.ipcboot.compatibility.scheduling;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that does its work and ends with a code.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class CommandLineApplication {

	private static final Log logger = LogFactory.getLog(CommandLineApplication.class);

	public static void main(String[] args) {
		System.exit(SpringApplication.exit(SpringApplication.run(CommandLineApplication.class, args)));
	}

	@Bean
	CommandLineRunner work() {
		return (arguments) -> logger.info("Work is done in " + ProcessHandle.current().pid());
	}

	@Bean
	ExitCodeGenerator exitCode() {
		return () -> 3;
	}

}
