package io.ipcboot.compatibility.webflux;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * A reactive application on Reactor Netty.
 */
@SpringBootApplication
@RestController
public class WebFluxApplication {

	public static void main(String[] args) {
		SpringApplication.run(WebFluxApplication.class, args);
	}

	@GetMapping("/hello")
	Mono<String> hello() {
		return Mono.delay(Duration.ofMillis(1)).map((tick) -> "Hello " + ProcessHandle.current().pid());
	}

	@GetMapping(path = "/ticks", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<Integer> ticks() {
		return Flux.range(0, 3).delayElements(Duration.ofMillis(1));
	}

}
