package io.ipcboot.compatibility.management;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application whose management has a port of its own.
 */
@SpringBootApplication
@RestController
public class ManagementApplication {

	public static void main(String[] args) {
		SpringApplication.run(ManagementApplication.class, args);
	}

	@GetMapping("/hello")
	String hello() {
		return "Hello " + ProcessHandle.current().pid();
	}

}
