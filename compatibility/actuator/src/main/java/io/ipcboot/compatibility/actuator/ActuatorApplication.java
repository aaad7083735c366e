package io.ipcboot.compatibility.actuator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with Actuator on its own port, and endpoints of its own.
 */
@SpringBootApplication
@RestController
public class ActuatorApplication {

	private static final long PID = ProcessHandle.current().pid();

	public static void main(String[] args) {
		SpringApplication.run(ActuatorApplication.class, args);
	}

	@GetMapping("/hello")
	String hello() {
		return "Hello";
	}

	@Bean
	HealthIndicator processHealthIndicator() {
		return () -> (Files.exists(Path.of("down")) ? Health.down() : Health.up()).withDetail("pid", PID).build();
	}

	/**
	 * Has all that an endpoint of an application may have.
	 */
	@Component
	@Endpoint(id = "sample")
	static class SampleEndpoint {

		private String text = "";

		@ReadOperation
		Mono<Map<String, Object>> later(@Nullable List<String> names) {
			return Mono.just(Map.of("pid", PID, "names", (names != null) ? names : List.of(), "text", this.text));
		}

		@ReadOperation
		@Nullable Resource file(@Selector String name, @Nullable Integer length) {
			return "missing".equals(name) ? null : new ByteArrayResource(new byte[(length != null) ? length : 10]);
		}

		@WriteOperation
		void remember(String text) {
			this.text = text + " " + PID;
		}

	}

	/**
	 * Exists in one process only.
	 */
	@Component
	@Endpoint(id = "onlyparent")
	@ConditionalOnIpcRole(IpcRole.PARENT)
	static class ParentEndpoint {

		@ReadOperation(produces = "text/plain")
		String text() {
			return "Grüße " + PID;
		}

	}

}
