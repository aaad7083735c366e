package io.ipcboot.benchmarks.http;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The application with the requested page.
 */
@SpringBootApplication
@RestController
public class HelloApplication {

	/**
	 * Start the application.
	 * @param args properties
	 */
	public static void main(String[] args) {
		SpringApplication.run(HelloApplication.class, args);
	}

	@GetMapping("/hello")
	String hello() {
		return "Hello, world";
	}

}
