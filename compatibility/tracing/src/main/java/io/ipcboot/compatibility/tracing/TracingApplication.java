package io.ipcboot.compatibility.tracing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.MessageSpec;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with a tracer. The parent answers each request with what a worker
 * answers.
 */
@SpringBootApplication
@RestController
public class TracingApplication {

	private final ChildProcessTemplate workers;

	TracingApplication(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	public static void main(String[] args) {
		SpringApplication.run(TracingApplication.class, args);
	}

	@GetMapping("/call/{destination}")
	String call(@PathVariable String destination, @RequestParam(defaultValue = "0") long millis) {
		MessageSpec message = this.workers.destination(destination).message("x").idempotent();
		if (millis > 0) {
			message.deadline(Duration.ofMillis(millis));
		}
		try {
			return message.call(String.class);
		}
		catch (RuntimeException ex) {
			return ex.getClass().getSimpleName();
		}
	}

	@GetMapping("/send/{destination}")
	CompletableFuture<String> send(@PathVariable String destination) {
		return this.workers.destination(destination).message("x").send().thenApply((nothing) -> "sent");
	}

}
