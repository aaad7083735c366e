package io.ipcboot.server.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import reactor.core.publisher.Flux;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * An ordinary web application; nothing in it knows of workers but what tells them apart.
 */
@SpringBootApplication
public class HttpTestApplication {

	static final AtomicLong initializedPort = new AtomicLong(-1);

	public static void main(String[] args) {
		SpringApplication.run(HttpTestApplication.class, args);
	}

	@Bean
	ApplicationListener<WebServerInitializedEvent> portListener() {
		return (event) -> initializedPort.set(event.getWebServer().getPort());
	}

	@Bean
	Errand errand() {
		return new Errand();
	}

	/** What the parent does for a worker. */
	@IpcListener(destination = "parent-pid", role = IpcRole.PARENT)
	String parentPid() {
		return Long.toString(ProcessHandle.current().pid());
	}

	/** What a worker does for its parent besides serving. */
	static class Errand {

		@IpcListener("reverse")
		String reverse(String text) {
			return new StringBuilder(text).reverse().toString();
		}

		/** Takes as long as the file exists. */
		@IpcListener("wait")
		String waitFor(String file) throws IOException {
			Files.writeString(Path.of(file + ".started"), "");
			while (Files.exists(Path.of(file))) {
				LockSupport.parkNanos(10_000_000);
			}
			return Long.toString(ProcessHandle.current().pid());
		}

	}

	@RestController
	static class Pages {

		private final Environment environment;

		private final Errand errand;

		private final ParentProcess parent;

		private final ChildProcessTemplate workers;

		Pages(Environment environment, Errand errand, ParentProcess parent, ChildProcessTemplate workers) {
			this.workers = workers;
			this.environment = environment;
			this.errand = errand;
			this.parent = parent;
		}

		@GetMapping("/property")
		String property(@RequestParam String name) {
			return this.environment.getProperty(name, "none");
		}

		/** Takes as long as the file exists. */
		@GetMapping("/wait")
		CompletableFuture<String> waitFor(@RequestParam String file) {
			return CompletableFuture.supplyAsync(() -> {
				try {
					return this.errand.waitFor(file);
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}

		/** Asks the parent when the file does not exist any more. */
		@GetMapping("/wait-and-ask")
		CompletableFuture<String> waitAndAsk(@RequestParam String file) {
			return waitFor(file).thenApply((pid) -> pid + " " + this.parent.call("parent-pid", null, String.class));
		}

		@GetMapping("/pid")
		String pid() {
			return Long.toString(ProcessHandle.current().pid());
		}

		/** As in an application that knows nothing of serving workers. */
		@GetMapping("/reversed")
		CompletableFuture<String> reversed(@RequestParam String text) {
			return this.workers.callAsync("reverse", text, String.class)
				.thenApply((reversed) -> pid() + " " + reversed);
		}

		@GetMapping("/facts")
		Map<String, Object> facts() {
			Map<String, Object> facts = new LinkedHashMap<>();
			facts.put("pid", ProcessHandle.current().pid());
			facts.put("role", IpcRole.current());
			facts.put("port", this.environment.getProperty("local.server.port"));
			facts.put("event", initializedPort.get());
			facts.put("virtual", Thread.currentThread().toString());
			return facts;
		}

		@GetMapping("/slow")
		CompletableFuture<String> slow(@RequestParam Duration time) {
			return CompletableFuture.supplyAsync(this::pid,
					CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS));
		}

		@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> stream() {
			// or a tick that nobody has asked for yet would end the stream
			return Flux.interval(Duration.ZERO, Duration.ofMillis(50)).onBackpressureDrop().map((count) -> pid());
		}

		/** Netty sends it without copying it. */
		@GetMapping("/file")
		Resource file(@RequestParam Path path) {
			return new FileSystemResource(path);
		}

		@PostMapping("/size")
		String size(@RequestBody byte[] body) {
			return body.length + " " + pid();
		}

	}

}
