package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.ProcessTest;
import io.ipcboot.messaging.IpcClientInterceptor;
import io.ipcboot.messaging.IpcListenerInterceptor;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.OutgoingExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Beans that intercept, in a parent and in its worker.
 */
@ProcessTest
class InterceptorBeanTests {

	@Test
	void aHeaderTravelsThroughParentWorkerAndBack() {
		SpringApplication application = new SpringApplication(Application.class);
		try (ConfigurableApplicationContext context = application.run("--ipc.pools.default.size=1",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1", "--spring.main.web-application-type=none",
				"--ipc.main-class=" + Application.class.getName())) {
			ChildProcessOperations processes = context.getBean(ChildProcessOperations.class);
			Recorder recorder = context.getBean(Recorder.class);
			List<String> way = Arrays.asList(processes.call("outer", "x", String[].class));
			assertThat(way).containsExactly("sent by PARENT", "handled in WORKER", "sent by WORKER",
					"handled in PARENT");
			assertThat(recorder.pools).containsExactly("default");
			assertThat(recorder.outcomes).containsExactly("outer by worker default/0: null");
			assertThat(processes.call("to-pool", "x", String.class)).isEqualTo("default");
			anAttemptIsToldWhenAWorkerHasRoom(processes, recorder, context.getBean(InParent.class));
		}
	}

	private static void anAttemptIsToldWhenAWorkerHasRoom(ChildProcessOperations processes, Recorder recorder,
			InParent inParent) {
		recorder.attempts.clear();
		CompletableFuture<String> held = processes.destination("held").message("x").callAsync(String.class);
		CompletableFuture<String> waiting = processes.destination("to-pool").message("x").callAsync(String.class);
		assertThat(recorder.attempts).containsExactly("held");
		inParent.gate.complete("open");
		assertThat(held.join()).isEqualTo("open");
		assertThat(waiting.join()).isEqualTo("default");
		assertThat(recorder.attempts).containsExactly("held", "to-pool");
	}

	/**
	 * Forks itself.
	 */
	@EnableAutoConfiguration
	@Import({ Listeners.class, InParent.class })
	public static class Application {

		public static void main(String[] args) {
			SpringApplication.run(Application.class, args);
		}

		/** It can use what sends messages. */
		@Bean
		@Order(2)
		Recorder recorder(IpcRole role, ChildProcessOperations processes) {
			assertThat(processes).isNotNull();
			return new Recorder(role);
		}

		@Bean
		@Order(1)
		IpcListenerInterceptor handled(IpcRole role) {
			return (message, invocation) -> {
				Way.extend(message, "handled in " + role);
				try {
					return invocation.proceed();
				}
				finally {
					Way.current.remove();
				}
			};
		}

		@Bean
		@Order(1)
		IpcClientInterceptor sent(IpcRole role) {
			return new IpcClientInterceptor() {

				@Override
				public void beforeSend(OutgoingExchange exchange) {
					String before = Way.current.get();
					exchange.header("way", ((before != null) ? before + "," : "") + "sent by " + role);
				}

			};
		}

	}

	/**
	 * The way of a message, which travels in a header.
	 */
	static final class Way {

		static final ThreadLocal<@Nullable String> current = new ThreadLocal<>();

		private Way() {
		}

		static void extend(IpcMessage message, String step) {
			current.set(message.getHeaders().get("way") + "," + step);
		}

	}

	/**
	 * Records what was sent.
	 */
	static final class Recorder implements IpcClientInterceptor {

		final List<@Nullable String> pools = new ArrayList<>();

		final List<String> outcomes = new ArrayList<>();

		final List<String> attempts = new CopyOnWriteArrayList<>();

		private final IpcRole role;

		Recorder(IpcRole role) {
			this.role = role;
		}

		@Override
		public void beforeSend(OutgoingExchange exchange) {
			// the first in the order was here before
			assertThat(exchange.header("way")).endsWith("sent by " + this.role);
			this.pools.add(exchange.pool());
		}

		@Override
		public void onAttempt(OutgoingExchange exchange) {
			this.attempts.add(exchange.destination());
		}

		@Override
		public void afterCompletion(OutgoingExchange exchange, @Nullable Throwable failure) {
			String peer = String.valueOf(exchange.peer());
			this.outcomes.add("%s by %s: %s".formatted(exchange.destination(),
					peer.contains(" (") ? peer.substring(0, peer.indexOf(" (")) : peer, failure));
		}

	}

	/**
	 * Listens in workers.
	 */
	static class Listeners {

		private final ParentProcess parent;

		private final ChildProcessOperations processes;

		private final Recorder recorder;

		Listeners(ParentProcess parent, ChildProcessOperations processes, Recorder recorder) {
			this.parent = parent;
			this.processes = processes;
			this.recorder = recorder;
		}

		@IpcListener("outer")
		String[] outer(String text) {
			return this.parent.call("inner", text, String[].class);
		}

		@IpcListener("held")
		String held(String text) {
			return this.parent.call("gate", text, String.class);
		}

		@IpcListener("to-pool")
		@Nullable String toPool(String text) {
			this.recorder.pools.clear();
			this.processes.send("note", text);
			return this.recorder.pools.get(0);
		}

		@IpcListener("note")
		void note(String text, @Header String way) {
			assertThat(way).contains("sent by WORKER");
		}

	}

	/**
	 * Listens in the parent.
	 */
	@ConditionalOnIpcRole(IpcRole.PARENT)
	static class InParent {

		final CompletableFuture<String> gate = new CompletableFuture<>();

		@IpcListener("gate")
		CompletableFuture<String> gate(String text) {
			return this.gate;
		}

		@IpcListener("inner")
		String[] inner(String text) {
			return String.valueOf(Way.current.get()).split(",");
		}

	}

}
